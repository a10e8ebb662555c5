// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of errors that a test provokes.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/support/error.h"

namespace lapidary::core::testing {

/// The message of the Error that `body` throws; "no error" where it throws none.
template <class Body>
std::string messageOf(Body&& body) {
  try {
    std::forward<Body>(body)();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// The same for an error that has to be of that kind.
template <class Body>
std::string messageOf(ErrorKind kind, Body&& body) {
  try {
    std::forward<Body>(body)();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  return "no error";
}

}  // namespace lapidary::core::testing
