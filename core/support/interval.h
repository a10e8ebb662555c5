// SPDX-License-Identifier: GPL-3.0-or-later
// A confidence interval.
#pragma once

namespace lapidary::core {

struct Interval {
  double low = 0, high = 0;
};

}  // namespace lapidary::core
