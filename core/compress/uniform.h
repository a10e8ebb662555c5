// The same edit for every layer of a model, as the command line asks for it.
#pragma once

#include "core/compress/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

struct UniformEdit {
  double sparsity = 0;    ///< share of the weights of all layers; 0 prunes nothing
  bool perLayer = false;  ///< that share of every layer, instead of one ranking over all
  Quantize quantize;
};

/// Throws Error(InvalidInput) where a value is out of range.
Recipe uniformRecipe(const Model& model, const UniformEdit& edit);

}  // namespace lapidary::core
