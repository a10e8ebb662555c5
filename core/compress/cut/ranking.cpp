// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/ranking.h"

#include <algorithm>
#include <cmath>

#include "core/compress/cut/calibrated_cut.h"
#include "core/compress/prune/prune_by_inputs.h"

namespace lapidary::core {

Tensor gradientScores(const Tensor& weight, const Tensor& gradients) {
  TensorBuilder builder(DType::Float32, weight.shape());
  std::ranges::transform(weight.as<float>(), gradients.as<float>(), builder.as<float>().begin(),
                         [](float w, float gradient) { return std::fabs(w) * gradient; });
  return std::move(builder).build();
}

bool rankedByInputs(const Prune& prune) {
  const bool ranks =
      prune.mode == PruneMode::Pattern || (prune.mode == PruneMode::Sparsity && prune.value > 0);
  return ranks && (prune.criterion == Criterion::Wanda || prune.criterion == Criterion::Reconstruct);
}

bool rankedByGradients(const Prune& prune) {
  return prune.criterion == Criterion::Taylor &&
         (prune.mode == PruneMode::Sparsity || prune.mode == PruneMode::Global);
}

std::int64_t zerosByInputs(const Prune& prune, const WeightMatrix& matrix) {
  const auto all = static_cast<double>(matrix.outputs * matrix.inputs);
  if (prune.mode == PruneMode::Sparsity)
    return static_cast<std::int64_t>(prune.criterion == Criterion::Wanda
                                         ? static_cast<double>(matrix.outputs) *
                                               std::floor(prune.value * static_cast<double>(matrix.inputs))
                                         : std::floor(prune.value * all));
  const auto of = static_cast<std::size_t>(prune.of);
  return static_cast<std::int64_t>(
      matrix.outputs * (matrix.inputs / of * prunedOf(prune, of) + prunedOf(prune, matrix.inputs % of)));
}

bool learnsFromSamples(const Recipe& recipe) {
  return std::ranges::any_of(recipe.edits, [](const auto& entry) {
    const LayerEdit& edit = entry.second;
    const bool channels = removes(edit.prune.mode) && needsSamples(edit.prune.criterion);
    return channels || rankedByGradients(edit.prune) || detailFor(edit.prune, edit.quantize);
  });
}

Recipe plainly(Recipe recipe) {
  for (auto& [layer, edit] : recipe.edits) {
    edit.prune.criterion = Criterion::Magnitude;
    edit.quantize.rounding = Rounding::Nearest;
    edit.quantize.correctBias = edit.quantize.scaleInputs = false;
  }
  return recipe;
}

}  // namespace lapidary::core
