// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a row of steps into stages so that the slowest stage is as fast as it can be.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lapidary::core {

/// The first step of every stage (the first is 0) for `stages` stages that none is empty of, at most one
/// a step. `seconds[i]` is what step i takes, `handover[i]` what it takes to hand over to a stage that
/// begins with step i. The largest stage (its handover and its steps) is the least possible; among such
/// cuts the sum of the handovers is. Exact: dynamic programming, O(stages * steps^2).
std::vector<std::size_t> cutStages(std::span<const double> seconds, std::span<const double> handover,
                                   std::size_t stages);

}  // namespace lapidary::core
