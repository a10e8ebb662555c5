// SPDX-License-Identifier: GPL-3.0-or-later
// Pruning in shapes that hardware can skip: N of every M neighbours, and blocks.
#pragma once

#include <cstdint>
#include <span>

#include "core/compress/recipe/prune_edit.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// Whether the mode is one of these, by a criterion that scores single weights: Magnitude, Squares, Taylor.
bool prunesInShape(const Prune& prune);

/// The edit without the fields that do not count in its mode, so that equal cuts compare equal.
Prune shapeOf(const Prune& prune);

/// Writes the weights to `out`, pruned ones as +0. `scores` are those of single weights, of any sign; a
/// block's is the sum of their magnitudes, or of their squares by the criterion Squares. Pattern: of every
/// `of` neighbouring inputs of an output, the last ones possibly fewer, the `keep` of greatest score stay.
/// Blocks: the floor(value * blocks) tiles of rows x columns (outputs x inputs) of least score are zeroed;
/// tiles at the edges are as large as there is room. Ties go to the first. Weights that are not finite stay,
/// and count as greatest. O(weights * of), O(weights).
void pruneInShape(std::span<const float> weights, std::span<const float> scores, const WeightMatrix& matrix,
                  const Prune& prune, std::span<float> out);

}  // namespace lapidary::core
