// SPDX-License-Identifier: GPL-3.0-or-later
// How the quantized weights of a repair learn where their grid lies.
#pragma once

#include <memory>

#include "core/compress/recipe/recipe.h"
#include "core/train/trainer.h"

namespace lapidary::core {

/// Whether the grid of such a layer can be learned and still be found again in the learned weights by the
/// recipe: steps of Symmetric, Binary and Ternary, for the tensor or each channel, and entries of a Codebook
/// for the tensor.
bool gridIsLearned(const Quantize& quantize);

/// Of codebooks, whose weights must have stopped moving before their codes are fixed.
bool codesAreFixed(const Quantize& quantize);

/// Gives what the weight of one layer becomes while it is trained; null where the grid is not learned or the
/// layer is not quantized. `cut`: the model with the edit done, whose weights are taken for the first ones of
/// a codebook; `weights`: before it, pruned.
std::shared_ptr<const TrainedForm> learnedForm(const Quantize& quantize, const Model& cut, ValueId weight,
                                               const Tensor& weights);

/// The edit that finds the learned grid again: without a choice of range, which would be made anew.
Quantize afterLearning(Quantize quantize);

}  // namespace lapidary::core
