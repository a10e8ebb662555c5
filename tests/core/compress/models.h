// SPDX-License-Identifier: GPL-3.0-or-later
// Small weights and models that the tests of this folder cut.
#pragma once

#include <random>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core::test {

inline Tensor normalWeight(Shape shape, unsigned seed, float deviation = 0.1f) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
  for (float& value : values) value = normal(random);
  return Tensor::from<float>(std::move(shape), values);
}

/// A weights-only model whose layers are these tensors, called a, b, c, ...
inline Model modelOf(const std::vector<Tensor>& weights) {
  auto graph = std::make_shared<Graph>();
  Model model;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const ValueId id{static_cast<std::uint32_t>(i)};
    graph->values.push_back({std::string(1, static_cast<char>('a' + i)), DType::Float32, std::nullopt, {}});
    graph->initializers[id] = weights[i];
    model.layers.push_back({graph->values.back().name, "Tensor", {}, id, {}, weights[i].shape(), 0});
  }
  model.weights = graph->initializers;
  model.graph = graph;
  return model;
}

}  // namespace lapidary::core::test
