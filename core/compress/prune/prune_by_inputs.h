// SPDX-License-Identifier: GPL-3.0-or-later
// Pruning by what calibration samples feed to a layer: Wanda and SparseGPT.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/compress/inputs/layer_inputs.h"
#include "core/compress/recipe/prune_edit.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// A weight to prune, row-major with a row for every output; the mode is Sparsity or Pattern.
struct PruneTask {
  std::span<const float> weights;
  const WeightMatrix& matrix;
  const Prune& prune;
  const LayerInputs& inputs;
};

/// Wanda (Sun et al. 2023): |w| times the L2 norm of its input decides, within every row, as in the paper:
/// floor(value * inputs) weights of each output are zeroed (Sparsity), or all but `keep` of every `of`
/// neighbours (Pattern). The weights that stay keep their values. Weights that are not finite count as
/// greatest, ties fall to the first.
std::vector<float> wandaPruned(const PruneTask& task);

/// SparseGPT (Frantar, Alistarh 2023): w^2 / [H^-1]_jj decides, column after column in their natural order,
/// and the weights to come make up for each that goes. Sparsity: floor(value * weights) in all, chosen among
/// all rows a block of columns at a time; Pattern as above. Throws Error(Unsupported) for weights that are
/// not finite, Cancelled.
std::vector<float> sparseGptPruned(const PruneTask& task, const Progress& progress);

/// Marks the `count` of least score, ties by index; not-a-number counts as greatest.
void markLeast(std::span<const float> scores, std::size_t count, std::span<std::uint8_t> marks);

/// How many of `size` neighbours a pattern zeroes: the last ones of a row may be fewer than `of`.
std::size_t prunedOf(const Prune& pattern, std::size_t size);

}  // namespace lapidary::core
