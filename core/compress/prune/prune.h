// SPDX-License-Identifier: GPL-3.0-or-later
// Magnitude pruning: from a recipe to a threshold and a count per layer, and from those to zeros.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/compress/prune/weight_statistics.h"
#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

/// Zero where |w| < threshold, then the first by index with |w| == threshold until `count` are zero.
struct Cutoff {
  double threshold = 0;
  std::int64_t count = 0;
  bool operator==(const Cutoff&) const = default;
};

/// The cutoff that zeroes exactly the `count` weights of least magnitude (at most the finite ones).
Cutoff cutoffForCount(const WeightStatistics& statistics, std::int64_t count);

/// For the modes Threshold and Sparsity; none for the others.
Cutoff cutoffFor(const WeightStatistics& statistics, const Prune& prune);

/// One threshold over all of these layers, so that floor(sparsity * weights in all) of them are zeroed,
/// fewer only where too few are finite; ties go to the earlier layers. O(layers * log n).
std::vector<Cutoff> globalCutoffs(std::span<const WeightStatistics* const> layers, double sparsity);

/// Zeros after this cutoff, weights that are zero in the original included. O(log n).
std::int64_t zerosAfter(const WeightStatistics& statistics, const Cutoff& cutoff);

/// Writes the weights to `out`, pruned ones as +0; the two spans are of equal length.
void prune(std::span<const float> weights, const Cutoff& cutoff, std::span<float> out);
/// The same with a score of each weight in place of its magnitude.
void pruneByScores(std::span<const float> weights, std::span<const float> scores, const Cutoff& cutoff,
                   std::span<float> out);

}  // namespace lapidary::core
