// SPDX-License-Identifier: GPL-3.0-or-later
// The same edit for every layer of a model.
#pragma once

#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

struct UniformEdit {
  double sparsity = 0;    ///< share of the weights of all layers; 0 prunes nothing
  bool perLayer = false;  ///< that share of every layer, instead of one ranking over all
  Quantize quantize = {};
};

inline Recipe uniformRecipe(const Model& model, const UniformEdit& edit) {
  Recipe recipe;
  LayerEdit each;
  each.quantize = edit.quantize;
  if (edit.sparsity != 0)
    each.prune = edit.perLayer ? Prune{PruneMode::Sparsity, edit.sparsity} : Prune{PruneMode::Global, 0};
  if (!edit.perLayer) recipe.globalSparsity = edit.sparsity;
  for (const Layer& layer : model.layers) recipe.set(layer.name, each);
  validate(recipe);
  return recipe;
}

}  // namespace lapidary::core
