// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions of 8-bit codes against naive loops over 64-bit integers, at the extremes of the codes.
#include <gtest/gtest.h>

#include "core/ops/kernels/int8_codes.h"
#include "tests/core/ops/op_testing.h"

namespace lapidary::core {
namespace {

using testing::ints;
using testing::makeNode;
using testing::runOne;

struct Int8ConvCase {
  DType type = DType::UInt8;
  std::int32_t zero = 7;
  int largestWeight = 127;
  bool extremes = false;
  std::int64_t batch = 2;
  std::int64_t in = 5;
  std::int64_t out = 9;
  std::int64_t size = 7;
  std::int64_t kernel = 3;
  std::int64_t pad = 1;
  std::int64_t stride = 1;
  bool residual = false;
  float codeScale = 0;
};

constexpr float scaleOfInput = 0.02f, scaleOfResidual = 0.05f;
constexpr std::int32_t zeroOfResidual = 120;

Tensor randomCodes(Shape shape, DType type, int low, int high, bool extremes, unsigned seed) {
  std::mt19937 engine(seed);
  TensorBuilder builder(DType::Int32, std::move(shape));
  for (std::int32_t& value : builder.as<std::int32_t>()) {
    const auto draw = static_cast<unsigned>(engine() >> 4);
    value = extremes ? (draw % 8 == 0 ? low : high) : low + static_cast<int>(draw % unsigned(high - low + 1));
  }
  return convert(std::move(builder).build(), type);
}

class Int8ConvProblem {
 public:
  explicit Int8ConvProblem(const Int8ConvCase& c)
      : m(c),
        x(randomCodes({c.batch, c.in, c.size, c.size}, c.type, c.type == DType::Int8 ? -128 : 0,
                      c.type == DType::Int8 ? 127 : 255, c.extremes, 1)),
        w(randomCodes({c.out, c.in, c.kernel, c.kernel}, DType::Int8, -c.largestWeight, c.largestWeight,
                      c.extremes, 2)),
        scale(testing::randomTensor({c.out}, 3, 0.001f, 0.01f)),
        bias(testing::randomTensor({c.out}, 4)),
        to((c.size + 2 * c.pad - c.kernel) / c.stride + 1),
        residual(randomCodes({c.batch, c.out, to, to}, DType::UInt8, 0, 255, false, 5)) {}

  Tensor weight() const { return runOne("DequantizeLinear", {w, scale}, {{"axis", testing::number(0)}}); }

  static Activation lazy(const Tensor& codes, float s, std::int32_t zero) {
    const std::vector<Tensor> given{codes, Tensor::scalar(s), convert(Tensor::scalar(zero), codes.dtype())};
    const Node node = makeNode("DequantizeLinear", given);
    const auto inputs = testing::activations(given);
    return findOp("", "DequantizeLinear")->forward(OpCall{node, 17, inputs}).at(0);
  }

  Activation run(bool withCodes) const {
    std::vector<Activation> inputs{lazy(x, scaleOfInput, m.zero), Activation(weight()), Activation(bias)};
    EXPECT_TRUE(liesInCodes(inputs[0]));
    if (withCodes) inputs[1].codes = std::make_shared<WeightCodes>(WeightCodes{w, scale, 0});
    const Node node =
        makeNode("Conv", {weight(), weight(), bias},
                 {{"pads", ints({m.pad, m.pad, m.pad, m.pad})}, {"strides", ints({m.stride, m.stride})}});
    Fusion fusion;
    fusion.activation = FusedActivation::Relu;
    if (m.residual) fusion.residual = lazy(residual, scaleOfResidual, zeroOfResidual);
    fusion.codeScale = m.codeScale;
    fusion.codeZero = m.codeScale > 0 ? 3 : 0;
    fusion.codeType = m.type;
    OpCall call{node, 17, inputs, &fusion};
    return findOp("", "Conv")->forward(call).at(0);
  }

  /// The values before they are quantized again.
  std::vector<double> expected() const {
    std::vector<double> values;
    const Tensor xs = convert(x, DType::Int64), ws = convert(w, DType::Int64);
    for (std::int64_t n = 0; n < m.batch; ++n)
      for (std::int64_t o = 0; o < m.out; ++o)
        for (std::int64_t i = 0; i < to; ++i)
          for (std::int64_t j = 0; j < to; ++j) {
            const auto c = static_cast<std::size_t>(o);
            double value = static_cast<double>(sum(xs, ws, n, o, i, j)) * static_cast<double>(scaleOfInput) *
                               static_cast<double>(scale.as<float>()[c]) +
                           static_cast<double>(bias.as<float>()[c]);
            if (m.residual)
              value += (residual.as<std::uint8_t>()[values.size()] - zeroOfResidual) *
                       static_cast<double>(scaleOfResidual);
            values.push_back(std::max(value, 0.0));
          }
    return values;
  }

 private:
  std::int64_t sum(const Tensor& xs, const Tensor& ws, std::int64_t n, std::int64_t o, std::int64_t i,
                   std::int64_t j) const {
    std::int64_t total = 0;
    for (std::int64_t c = 0; c < m.in; ++c)
      for (std::int64_t u = 0; u < m.kernel; ++u)
        for (std::int64_t v = 0; v < m.kernel; ++v) {
          const std::int64_t r = i * m.stride - m.pad + u, s = j * m.stride - m.pad + v;
          if (r < 0 || s < 0 || r >= m.size || s >= m.size) continue;
          const auto from = static_cast<std::size_t>(((n * m.in + c) * m.size + r) * m.size + s);
          const auto tap = static_cast<std::size_t>(((o * m.in + c) * m.kernel + u) * m.kernel + v);
          total += (xs.as<std::int64_t>()[from] - m.zero) * ws.as<std::int64_t>()[tap];
        }
    return total;
  }

 public:
  const Int8ConvCase m;
  const Tensor x, w, scale, bias;
  const std::int64_t to;
  const Tensor residual;
};

void checkInt8Conv(const Int8ConvCase& c) {
  const Int8ConvProblem problem(c);
  const Activation result = problem.run(true);
  EXPECT_NE(result.layout, nullptr) << "the float path ran";
  const Tensor plain = toPlain(result);
  ASSERT_EQ(plain.dtype(), c.codeScale > 0 ? c.type : DType::Float32);
  const std::vector<double> expected = problem.expected();
  const Tensor got = convert(plain, DType::Float64);
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
  EXPECT_LE(off, expected.size() / 1000 + 1);
}

TEST(Int8Conv, AddsExactlyAndPadsWithTheZeroPoint) {
  checkInt8Conv({});
  checkInt8Conv({.zero = 200, .in = 16, .out = 16, .stride = 2});
  checkInt8Conv({.zero = 0, .in = 3, .out = 32});
  checkInt8Conv({.zero = 131, .in = 17, .out = 24, .kernel = 1, .pad = 0});
}

TEST(Int8Conv, TakesSignedCodes) {
  checkInt8Conv({.type = DType::Int8, .zero = -5});
  checkInt8Conv({.type = DType::Int8, .zero = 0, .in = 32, .out = 8, .codeScale = 0.05f});
}

TEST(Int8Conv, DoesNotSaturate) {
  for (const int largest : {64, 65, 127})
    for (const DType type : {DType::UInt8, DType::Int8}) {
      checkInt8Conv(
          {.type = type, .zero = 0, .largestWeight = largest, .extremes = true, .in = 64, .out = 16});
      checkInt8Conv({.type = type,
                     .zero = 0,
                     .largestWeight = largest,
                     .extremes = true,
                     .in = 64,
                     .out = 16,
                     .kernel = 1,
                     .pad = 0});
    }
}

TEST(Int8Conv, AddsResidualsAndQuantizes) {
  checkInt8Conv({.residual = true});
  checkInt8Conv({.in = 16, .out = 16, .size = 16, .codeScale = 0.05f});
  checkInt8Conv({.in = 16, .out = 16, .size = 16, .residual = true, .codeScale = 0.05f});
  checkInt8Conv({.type = DType::Int8,
                 .zero = 3,
                 .largestWeight = 64,
                 .in = 16,
                 .out = 16,
                 .size = 16,
                 .residual = true,
                 .codeScale = 0.05f});
}

TEST(Int8Conv, FallsBackToFloatsWithoutCodesOfTheWeight) {
  const Int8ConvProblem problem({.residual = true, .codeScale = 0.05f});
  const Tensor floats = toPlain(problem.run(false)), integers = toPlain(problem.run(true));
  ASSERT_EQ(floats.dtype(), DType::UInt8);
  std::size_t off = 0;
  for (std::size_t i = 0; i < floats.bytes().size(); ++i) off += floats.bytes()[i] != integers.bytes()[i];
  EXPECT_LE(off, floats.bytes().size() / 1000 + 1);
}

}  // namespace
}  // namespace lapidary::core
