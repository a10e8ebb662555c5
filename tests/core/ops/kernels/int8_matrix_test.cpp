// SPDX-License-Identifier: GPL-3.0-or-later
// Products of 8-bit codes against naive loops over 64-bit integers, at the extremes of the codes.
#include <gtest/gtest.h>

#include "core/ops/kernels/int8_codes.h"
#include "tests/core/ops/op_testing.h"

namespace lapidary::core {
namespace {

using testing::makeNode;
using testing::number;

struct MatrixCase {
  bool gemm = false, transposed = false, bias = false, residual = false, extremes = false;
  DType type = DType::UInt8;
  std::int32_t zero = 7;
  int largestWeight = 63;
  std::int64_t batch = 3, rows = 5, depth = 70, columns = 33;
  float codeScale = 0;
  FusedActivation activation = FusedActivation::None;
};

constexpr float inputScale = 0.02f;

Tensor codesOf(Shape shape, DType type, int low, int high, bool extremes, unsigned seed) {
  std::mt19937 engine(seed);
  TensorBuilder builder(DType::Int32, std::move(shape));
  for (std::int32_t& value : builder.as<std::int32_t>()) {
    const auto draw = static_cast<unsigned>(engine() >> 4);
    value = extremes ? (draw % 8 == 0 ? low : high) : low + static_cast<int>(draw % unsigned(high - low + 1));
  }
  return convert(std::move(builder).build(), type);
}

class MatrixProblem {
 public:
  explicit MatrixProblem(const MatrixCase& given)
      : c(given),
        x(codesOf(xShape(), c.type, c.type == DType::Int8 ? -128 : 0, c.type == DType::Int8 ? 127 : 255,
                  c.extremes, 1)),
        w(codesOf(c.transposed ? Shape{c.columns, c.depth} : Shape{c.depth, c.columns}, DType::Int8,
                  -c.largestWeight, c.largestWeight, c.extremes, 2)),
        scale(testing::randomTensor({c.columns}, 3, 0.001f, 0.01f)),
        vector(testing::randomTensor({c.columns}, 4)),
        residual(testing::randomTensor(output(), 5)) {}

  Activation run(bool withCodes) const {
    const std::vector<Tensor> given{x, Tensor::scalar(inputScale),
                                    convert(Tensor::scalar(c.zero), x.dtype())};
    const auto lazy = testing::activations(given);
    const Node dequantize = makeNode("DequantizeLinear", given);
    std::vector<Activation> inputs{
        findOp("", "DequantizeLinear")->forward(OpCall{dequantize, 17, lazy}).at(0), Activation(weight())};
    if (withCodes) inputs[1].codes = std::make_shared<WeightCodes>(WeightCodes{w, scale, axis()});
    Fusion fusion;
    if (c.bias && c.gemm) inputs.emplace_back(vector);
    if (c.bias && !c.gemm) fusion.channelShift = vector;
    if (c.residual) fusion.residual = Activation(residual);
    fusion.activation = c.activation;
    fusion.codeScale = c.codeScale;
    fusion.codeZero = c.codeScale > 0 ? 3 : 0;
    fusion.codeType = c.type;
    std::vector<Tensor> shaped(inputs.size(), weight());
    const Node node =
        makeNode(c.gemm ? "Gemm" : "MatMul", shaped, {{"transB", number(c.transposed ? 1 : 0)}});
    return findOp("", c.gemm ? "Gemm" : "MatMul")->forward(OpCall{node, 17, inputs, &fusion}).at(0);
  }

  std::vector<double> expected() const {
    const Tensor xs = convert(x, DType::Int64), ws = convert(w, DType::Int64);
    std::vector<double> values;
    for (std::int64_t row = 0; row < x.size() / c.depth; ++row)
      for (std::int64_t j = 0; j < c.columns; ++j) {
        std::int64_t sum = 0;
        for (std::int64_t l = 0; l < c.depth; ++l)
          sum += (xs.as<std::int64_t>()[static_cast<std::size_t>(row * c.depth + l)] - c.zero) *
                 ws.as<std::int64_t>()[static_cast<std::size_t>(c.transposed ? j * c.depth + l
                                                                             : l * c.columns + j)];
        const auto column = static_cast<std::size_t>(j);
        double value = static_cast<double>(sum) * static_cast<double>(inputScale) *
                       static_cast<double>(scale.as<float>()[column]);
        if (c.bias) value += static_cast<double>(vector.as<float>()[column]);
        if (c.residual) value += static_cast<double>(residual.as<float>()[values.size()]);
        if (c.activation == FusedActivation::Gelu) value *= 0.5 * (1 + std::erf(value / std::sqrt(2.0)));
        values.push_back(value);
      }
    return values;
  }

  const MatrixCase c;

 private:
  int axis() const { return c.transposed ? 0 : 1; }
  Shape xShape() const { return c.gemm ? Shape{c.rows, c.depth} : Shape{c.batch, c.rows, c.depth}; }
  Shape output() const { return c.gemm ? Shape{c.rows, c.columns} : Shape{c.batch, c.rows, c.columns}; }
  Tensor weight() const {
    return testing::runOne("DequantizeLinear", {w, scale}, {{"axis", number(axis())}});
  }

  const Tensor x, w, scale, vector, residual;
};

/// Exact sums leave the rounding of the scales alone; float products would not be told apart by less.
void checkMatrix(const MatrixCase& c) {
  const MatrixProblem problem(c);
  const Tensor result = toPlain(problem.run(true));
  ASSERT_EQ(result.dtype(), c.codeScale > 0 ? c.type : DType::Float32);
  const Tensor got = convert(result, DType::Float64);
  const auto expected = problem.expected();
  ASSERT_EQ(got.as<double>().size(), expected.size());
  const double low = c.type == DType::Int8 ? -128 : 0;
  std::size_t off = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double is = got.as<double>()[i];
    if (c.codeScale > 0) {
      const double code =
          std::clamp(std::nearbyint(expected[i] / static_cast<double>(c.codeScale)) + 3, low, low + 255);
      ASSERT_NEAR(is, code, 1) << i;
      off += is != code;
    } else {
      ASSERT_NEAR(is, expected[i], 2e-5 * (1 + std::abs(expected[i]))) << i;
    }
  }
  EXPECT_LE(off, expected.size() / 500 + 1);
}

TEST(Int8Matrix, MultipliesAndAddsExactly) {
  checkMatrix({});
  checkMatrix({.bias = true, .residual = true, .batch = 1, .rows = 64, .depth = 128, .columns = 128});
  checkMatrix({.gemm = true, .bias = true});
  checkMatrix({.gemm = true, .transposed = true, .bias = true, .type = DType::Int8, .zero = -5});
  checkMatrix({.bias = true, .columns = 48, .activation = FusedActivation::Gelu});
}

TEST(Int8Matrix, DoesNotSaturate) {
  for (const int largest : {64, 65, 127})
    for (const DType type : {DType::UInt8, DType::Int8})
      checkMatrix({.extremes = true, .type = type, .zero = 0, .largestWeight = largest, .depth = 512});
}

TEST(Int8Matrix, QuantizesTheResult) {
  checkMatrix({.bias = true, .codeScale = 0.05f});
  checkMatrix({.gemm = true, .transposed = true, .type = DType::Int8, .codeScale = 0.05f});
  checkMatrix({.bias = true, .residual = true, .columns = 64, .codeScale = 0.1f});
}

/// A kernel in floats has another rounding: were the results the same, codes would not be used.
TEST(Int8Matrix, RunsInIntegers) {
  const MatrixProblem problem({.zero = 0, .batch = 1, .rows = 16, .depth = 1024, .columns = 64});
  const Tensor integers = toPlain(problem.run(true)), floats = toPlain(problem.run(false));
  EXPECT_FALSE(std::ranges::equal(integers.bytes(), floats.bytes()));
  const auto expected = problem.expected();
  double worstInteger = 0, worstFloat = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double size = 1e-3 + std::abs(expected[i]);
    const auto error = [&](const Tensor& t) {
      return std::abs(static_cast<double>(t.as<float>()[i]) - expected[i]) / size;
    };
    worstInteger = std::max(worstInteger, error(integers));
    worstFloat = std::max(worstFloat, error(floats));
  }
  EXPECT_LT(worstInteger, 1e-6);
  EXPECT_GT(worstFloat, worstInteger);
}

}  // namespace
}  // namespace lapidary::core
