// SPDX-License-Identifier: GPL-3.0-or-later
// The change of every class by a cut: accuracy before and after, and the samples lost and gained.
#pragma once

#include <vector>

#include "core/analyze/changes/comparison.h"
#include "core/support/interval.h"

namespace lapidary::core {

/// Over the samples of one true class; without labels, of those that the original gave this answer to, which
/// then count as right before.
struct ClassChange {
  std::int64_t cls = 0;
  std::size_t samples = 0, rightBefore = 0, rightAfter = 0;
  std::size_t lost = 0, gained = 0;
  double before = 0, after = 0;            ///< shares that are right
  Interval beforeInterval, afterInterval;  ///< Wilson score, 95 %
  double change = 0;                       ///< after - before
  Interval changeInterval;                 ///< paired, 95 %
};

/// Those that lost most first, then by class; classes without samples are left out.
std::vector<ClassChange> classChanges(const Comparison& comparison);

}  // namespace lapidary::core
