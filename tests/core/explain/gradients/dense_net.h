// SPDX-License-Identifier: GPL-3.0-or-later
// A small dense network as a graph and as loops, for tests of rules that change the backward pass.
#pragma once

#include "core/explain/explain_sample.h"
#include "core/explain/map/saliency.h"
#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {

/// x -> W1 x + b1 -> Relu -> W2 h + b2; inputs of both signs.
struct DenseNet {
  static constexpr std::size_t inputs = 5, hidden = 7, classes = 3;

  explicit DenseNet(float bias)
      : first(testing::randomTensor({inputs, hidden}, 11, 1.0f)),
        second(testing::randomTensor({hidden, classes}, 12, 1.0f)),
        firstBias(testing::randomTensor({hidden}, 13, bias)),
        secondBias(testing::randomTensor({classes}, 14, bias)),
        x(testing::randomTensor({1, inputs}, 15, 1.0f)) {
    testing::GraphBuilder builder;
    const ValueId in = builder.input("x", {-1, inputs});
    const ValueId sums =
        builder.node("Gemm", {in, builder.weight("w1", first), builder.weight("b1", firstBias)});
    const ValueId active = builder.node("Relu", {sums});
    builder.output(
        builder.node("Gemm", {active, builder.weight("w2", second), builder.weight("b2", secondBias)}));
    model = builder.model();
  }

  SaliencyMap map(SaliencyMethod method, const SaliencyOptions& options, std::int64_t cls) const {
    const Executor executor(model, {});
    return saliency(model, executor, std::span(&x, 1), method, cls, {}, options);
  }

  static double at(const Tensor& tensor, std::size_t i) { return static_cast<double>(tensor.as<float>()[i]); }
  double w1(std::size_t i, std::size_t j) const { return at(first, i * hidden + j); }
  double w2(std::size_t j, std::size_t c) const { return at(second, j * classes + c); }

  std::vector<double> sumsOfHidden() const {
    std::vector<double> z(hidden);
    for (std::size_t j = 0; j < hidden; ++j) {
      z[j] = at(firstBias, j);
      for (std::size_t i = 0; i < inputs; ++i) z[j] += at(x, i) * w1(i, j);
    }
    return z;
  }
  double score(std::size_t cls) const {
    const auto z = sumsOfHidden();
    double y = at(secondBias, cls);
    for (std::size_t j = 0; j < hidden; ++j) y += std::max(0.0, z[j]) * w2(j, cls);
    return y;
  }

  Tensor first, second, firstBias, secondBias, x;
  Model model;
};

}  // namespace lapidary::core
