// SPDX-License-Identifier: GPL-3.0-or-later
// How a run splits its large steps among workers.
#pragma once

namespace lapidary::core {

struct SplitOptions {
  unsigned workers = 1;     ///< 1: no step is split
  double leastFlops = 2e7;  ///< smaller steps end before another thread has woken
};

}  // namespace lapidary::core
