#include "core/compress/uniform.h"

namespace lapidary::core {

Recipe uniformRecipe(const Model& model, const UniformEdit& edit) {
  Recipe recipe;
  LayerEdit each;
  each.quantize = edit.quantize;
  if (edit.sparsity != 0)
    each.prune = edit.perLayer ? Prune{PruneMode::Sparsity, edit.sparsity} : Prune{PruneMode::Global, 0};
  if (!edit.perLayer) recipe.globalSparsity = edit.sparsity;
  validate(each);
  for (const Layer& layer : model.layers) recipe.set(layer.name, each);
  validate(recipe);
  return recipe;
}

}  // namespace lapidary::core
