// SPDX-License-Identifier: GPL-3.0-or-later
// The exit statuses of the program and their meaning.
#pragma once

#include <cstdio>

#include "core/support/error.h"

namespace lapidary::cli {

inline constexpr int statusDone = 0, statusUsage = 2, statusInput = 3, statusWrite = 4, statusLost = 5,
                     statusFindings = 6, statusNothingFound = 7;

/// Thrown once all is printed, where an audit found what its caller wants to fail on.
struct FindingsToAnswer {};

/// Thrown once all is printed, where a search found no cut that keeps within what was asked for.
struct NothingFound {};

inline int statusOf(core::ErrorKind kind) {
  switch (kind) {
    case core::ErrorKind::Usage:
      return statusUsage;
    case core::ErrorKind::CannotWrite:
      return statusWrite;
    case core::ErrorKind::InvalidInput:
    case core::ErrorKind::Unsupported:
      break;
  }
  return statusInput;
}

/// A full disk behind standard output must not pass for success.
inline int finishOutput() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return statusDone;
  std::fprintf(stderr, "lapidary-cli: standard output could not be written\n");
  return statusWrite;
}

}  // namespace lapidary::cli
