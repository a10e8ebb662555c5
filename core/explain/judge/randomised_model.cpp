// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/judge/randomised_model.h"

#include <algorithm>

#include "core/explain/map/draws.h"

namespace lapidary::core {
namespace {

Tensor shuffled(const Tensor& weight, std::uint64_t seed, std::uint64_t layer) {
  std::vector<float> values(weight.as<float>().begin(), weight.as<float>().end());
  Draws draws(seed, layer);
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[draws.below(i)]);
  return Tensor::from<float>(weight.shape(), std::span<const float>(values));
}

}  // namespace

Model randomised(const Model& model, Forgotten forgotten, std::uint64_t seed) {
  Model made = model;
  const std::size_t first =
      forgotten == Forgotten::AllLayers || model.layers.empty() ? 0 : model.layers.size() - 1;
  for (std::size_t i = first; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    made.weights[layer.weight] = shuffled(layerWeight(model, layer), seed, i);
  }
  return made;
}

}  // namespace lapidary::core
