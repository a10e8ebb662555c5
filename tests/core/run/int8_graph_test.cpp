// SPDX-License-Identifier: GPL-3.0-or-later
// Graphs with QuantizeLinear and DequantizeLinear around products: run on the codes, wherever the weight's
// lie.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

using testing::GraphBuilder;
using testing::randomTensor;

constexpr std::int64_t depth = 1024, rows = 8, columns = 16;
constexpr float inputScale = 0.02f;

Tensor weightCodes() {
  TensorBuilder builder(DType::Int8, {depth, columns});
  unsigned state = 1;
  for (std::int8_t& code : builder.as<std::int8_t>()) {
    state = state * 1664525u + 1013904223u;
    code = static_cast<std::int8_t>(static_cast<int>(state >> 25) - 64);
  }
  return std::move(builder).build();
}

/// x -> codes -> MatMul with a weight of codes that passes through `copy`, where it is named.
Model graphWith(const std::string& copy) {
  GraphBuilder b;
  const ValueId x = b.input("x", {rows, depth});
  const ValueId scale = b.weight("scale", Tensor::scalar(inputScale));
  const ValueId zero = b.weight("zero", Tensor::scalar(std::uint8_t{128}));
  const ValueId codes = b.node("QuantizeLinear", {x, scale, zero});
  const ValueId values = b.node("DequantizeLinear", {codes, scale, zero});
  const ValueId q = b.weight("q", weightCodes());
  const ValueId s = b.weight("s", randomTensor({columns}, 2));
  ValueId weight = b.node("DequantizeLinear", {q, s}, {{"axis", std::int64_t{1}}});
  if (!copy.empty()) weight = b.node(copy, {weight});
  b.output(b.node("MatMul", {values, weight}));
  return b.model();
}

/// The largest relative error against sums in double.
double worstError(const Tensor& result, const Tensor& x, const Tensor& scales) {
  const Tensor q = weightCodes();
  double worst = 0;
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (std::int64_t l = 0; l < depth; ++l) {
        const float given = x.as<float>()[static_cast<std::size_t>(i * depth + l)] / inputScale;
        const float code = std::clamp(std::nearbyint(given), -128.0f, 127.0f);
        sum += static_cast<double>(code) *
               static_cast<double>(q.as<std::int8_t>()[static_cast<std::size_t>(l * columns + j)]);
      }
      const double expected = sum * static_cast<double>(inputScale) *
                              static_cast<double>(scales.as<float>()[static_cast<std::size_t>(j)]);
      const double is = static_cast<double>(result.as<float>()[static_cast<std::size_t>(i * columns + j)]);
      worst = std::max(worst, std::abs(is - expected) / (std::abs(expected) + 1e-6));
    }
  return worst;
}

TEST(Int8Graph, MatMulRunsOnTheCodesOfItsWeight) {
  const Tensor x = randomTensor({rows, depth}, 1), scales = randomTensor({columns}, 2);
  for (const std::string copy : {"", "Sum", "Identity"}) {
    const Model model = graphWith(copy);
    const Tensor result = Executor(model, {}).run(model, std::span(&x, 1)).outputs.at(0);
    EXPECT_LT(worstError(result, x, scales), 5e-7) << "through '" << copy << "'";
  }
  // The same product in floats is further off: else the bound above would show nothing.
  Model floats = graphWith("Neg");
  const Tensor result = Executor(floats, {}).run(floats, std::span(&x, 1)).outputs.at(0);
  TensorBuilder negative(DType::Float32, result.shape());
  for (std::size_t i = 0; i < result.as<float>().size(); ++i)
    negative.as<float>()[i] = -result.as<float>()[i];
  EXPECT_GT(worstError(std::move(negative).build(), x, scales), 5e-7);
}

}  // namespace
}  // namespace lapidary::core
