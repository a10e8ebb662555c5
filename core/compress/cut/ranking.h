// SPDX-License-Identifier: GPL-3.0-or-later
// How a criterion ranks weights: by themselves, by gradients of the loss, or by their inputs.
#pragma once

#include "core/compress/prune/weight_statistics.h"
#include "core/compress/recipe/recipe.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// Scores by a criterion other than magnitude, and their order.
struct Scored {
  explicit Scored(Tensor each) : scores(std::move(each)), statistics(scores) {}
  Tensor scores;
  WeightStatistics statistics;
};

/// |w dL/dw| of every weight, from the mean magnitude of dL/dw.
Tensor gradientScores(const Tensor& weight, const Tensor& gradients);

/// Whether rows, or groups of weights, are ranked by what they multiply, so that no threshold over the layer
/// tells what goes: Wanda and Reconstruct.
bool rankedByInputs(const Prune& prune);
/// Whether gradientScores take the place of magnitudes.
bool rankedByGradients(const Prune& prune);

/// Zeros that rankedByInputs gives a weight without zeros of its own.
std::int64_t zerosByInputs(const Prune& prune, const WeightMatrix& matrix);

/// Whether anything in the recipe is decided by calibration samples, activations' ranges aside.
bool learnsFromSamples(const Recipe& recipe);

/// The recipe with pruning by magnitude and rounding to nearest.
Recipe plainly(Recipe recipe);

}  // namespace lapidary::core
