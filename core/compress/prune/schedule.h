// SPDX-License-Identifier: GPL-3.0-or-later
// How pruning is spread over the steps of a training: at once, or a growing share.
#pragma once

#include <cstddef>

#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

enum class ScheduleKind {
  OneShot,  ///< all of it before the first step
  Cubic,    ///< fast at first and slower the less is left: s_end + (s_begin - s_end)(1 - t)^3, t from 0 to 1
            ///< (Zhu, Gupta 2018)
};

struct PruneSchedule {
  ScheduleKind kind = ScheduleKind::OneShot;
  std::size_t begin = 0, end = 0;  ///< Cubic: steps of a training between which the share grows; end >= begin
  double first = 0;                ///< Cubic: the share pruned at `begin`, in [0, 1]
};

/// The share to have pruned at a step, on the way to `target` in [0, 1]; never more than it, and from `end`
/// on equal to it. Before `begin` it is 0.
double sparsityAt(const PruneSchedule& schedule, double target, std::size_t step);

/// The recipe of one step on the way to `target`: shares of weights and blocks follow the schedule, the
/// global one too. What has no share (thresholds, patterns) and what changes the graph (channels, heads, low
/// rank) comes at `end`; quantization is there from the first step.
Recipe recipeAt(const PruneSchedule& schedule, const Recipe& target, std::size_t step);

}  // namespace lapidary::core
