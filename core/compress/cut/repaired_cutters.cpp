// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/repaired_cutters.h"

#include "core/compress/cut/repaired_weights.h"
#include "core/compress/structure/structured.h"

namespace lapidary::core {
namespace {

/// Layers whose weights no training has changed.
std::vector<bool> sharedLayers(const Model& model, const Model& original) {
  const auto idOf = [](const Model& of, ValueId weight) {
    const auto it = of.weights.find(weight);
    return it == of.weights.end() ? TensorId{} : it->second.id();
  };
  std::vector<bool> shared(model.layers.size(), false);
  for (std::size_t i = 0; i < original.layers.size(); ++i) {
    const TensorId own = idOf(model, model.layers[i].weight);
    shared[i] = own != TensorId{} && own == idOf(original, original.layers[i].weight);
  }
  return shared;
}

}  // namespace

std::shared_ptr<const Cutter> RepairedCutters::cutterFor(const TrainedWeights& weights) const {
  if (!weights.held)
    throw Error(ErrorKind::InvalidInput,
                "the recipe is of weights that a repair has trained (" + weights.id.substr(0, 12) +
                    "...), which are not here: open the session that they were saved in");
  const std::lock_guard lock(m_mutex);
  return m_cutters.get(weights.id, [&] {
    const Model& model = weights.held->model;
    return std::make_shared<const Cutter>(model, m_owner, sharedLayers(model, m_owner.original()));
  });
}

ReducedCut RepairedCutters::over(const Recipe& recipe) const {
  if (!recipe.repaired) return {nullptr, recipe};
  ReducedCut result{cutterFor(recipe.repaired), recipe};
  result.rest.repaired = {};
  const Model& model = result.cutter->original();
  for (const Layer& second : model.layers) {
    if (!second.partOf.valid()) continue;
    LayerEdit edit = recipe.editOf(model.layer(second.partOf).name);
    edit.activations = {};  // the narrow middle stays as it is
    edit.lowRank = {};
    if (removes(edit.prune.mode)) edit.prune = {};
    result.rest.set(second.name, edit);
  }
  return result;
}

}  // namespace lapidary::core
