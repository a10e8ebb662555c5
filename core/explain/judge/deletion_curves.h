// SPDX-License-Identifier: GPL-3.0-or-later
// Deletion and insertion: how the class's probability falls as what a map ranks first is hidden, and how it
// rises as only that is shown (Petsiuk, Das and Saenko 2018).
#pragma once

#include <span>
#include <vector>

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

struct DeletionCurves {
  std::vector<double> deletion, insertion;  ///< probability after each step, from the first with nothing done
};

/// Positions are ranked by their values, equal ones at random; hidden ones take the channel's mean, tokens
/// become 0 (those that are 0 already do not count). `steps` even shares of the positions. The task's target
/// class is the one followed.
DeletionCurves deletionCurves(const SaliencyTask& task, std::span<const float> map, std::size_t steps,
                              std::uint64_t seed);

/// Mean height, by trapezoids.
double areaUnder(std::span<const double> curve);

}  // namespace lapidary::core
