// SPDX-License-Identifier: GPL-3.0-or-later
// The clock that durations are measured with.
#pragma once

#include <chrono>

namespace lapidary::core {

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace lapidary::core
