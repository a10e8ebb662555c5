// SPDX-License-Identifier: GPL-3.0-or-later
// Models whose channels have ranges that lie apart, made of even ones.
#pragma once

#include <cmath>

#include "core/model/model.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core::test {

/// A chain of Gemm layers: the same function with the ranges of hidden channels spread over four powers of
/// ten, as folded batch normalisations leave them.
inline Model spreadApart(const Model& model) {
  Model spread = model;
  for (std::size_t i = 0; i + 1 < model.layers.size(); ++i) {
    const Layer &first = model.layers[i], &second = model.layers[i + 1];
    const auto scaled = [](const Tensor& t, auto factorAt) {
      TensorBuilder builder(DType::Float32, t.shape());
      for (std::size_t k = 0; k < t.as<float>().size(); ++k)
        builder.as<float>()[k] = t.as<float>()[k] * static_cast<float>(factorAt(k));
      return std::move(builder).build();
    };
    const auto factor = [](std::size_t channel) {
      return std::pow(10.0, static_cast<double>(channel % 5) - 2);
    };
    const WeightMatrix a = weightMatrix(first.shape, first.channelAxis);
    const WeightMatrix b = weightMatrix(second.shape, second.channelAxis);
    spread.weights[first.weight] = scaled(layerWeight(spread, first), [&](std::size_t k) {
      return factor(a.inputsFirst ? k % a.outputs : k / a.inputs);
    });
    spread.weights[first.bias] = scaled(spread.weights.at(first.bias), factor);
    spread.weights[second.weight] = scaled(layerWeight(spread, second), [&](std::size_t k) {
      return 1 / factor(b.inputsFirst ? k / b.outputs : k % b.inputs);
    });
  }
  return spread;
}

}  // namespace lapidary::core::test
