// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that stay after pruning, fitted anew to the layer's outputs.
#pragma once

#include <span>

#include "core/compress/inputs/layer_inputs.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// Moves the weights of `pruned` that are not zero towards the least squared error of the outputs of
/// `original`, both row-major: a few steps of conjugate gradients for every row, on X^T X with one per cent
/// of its mean diagonal added. What SparseGPT leaves of its error comes from settling columns one by one;
/// here all that stay have a say. Zeros stay zero. Throws Cancelled.
void refit(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> original,
           std::span<float> pruned, const Progress& progress);

}  // namespace lapidary::core
