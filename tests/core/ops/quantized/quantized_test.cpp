// SPDX-License-Identifier: GPL-3.0-or-later
// Quantized operators against naive integer loops, with the extremes of every type.
#include <gtest/gtest.h>

#include "tests/core/ops/op_testing.h"

namespace lapidary::core {
namespace {

using testing::Attributes;
using testing::expectError;
using testing::floats;
using testing::ints;
using testing::isClose;
using testing::number;
using testing::randomTensor;
using testing::runOne;
using testing::runOp;

/// Codes over the whole range of an 8-bit type, its ends more often than chance has them.
Tensor codes(Shape shape, DType type, unsigned seed) {
  std::mt19937 engine(seed);
  const int low = type == DType::Int8 ? -128 : 0;
  TensorBuilder builder(DType::Int32, std::move(shape));
  for (std::int32_t& value : builder.as<std::int32_t>()) {
    const auto draw = static_cast<unsigned>(engine());
    value = draw % 4 == 0 ? low : draw % 4 == 1 ? low + 255 : low + static_cast<int>(draw >> 8) % 256;
  }
  return convert(std::move(builder).build(), type);
}

Tensor filled(Shape shape, DType type, std::int32_t value) {
  TensorBuilder builder(DType::Int32, std::move(shape));
  std::ranges::fill(builder.as<std::int32_t>(), value);
  return convert(std::move(builder).build(), type);
}

std::int64_t codeAt(const Tensor& t, std::int64_t i) {
  return convert(t, DType::Int64).as<std::int64_t>()[static_cast<std::size_t>(i)];
}
Tensor zeroPoint(DType type, std::int32_t value) { return filled({}, type, value); }

TEST(QuantizeLinear, RoundsHalfToEvenAndSaturates) {
  const Tensor x = floats({8}, {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 1e9f, -1e9f, 3});
  const Tensor one = Tensor::scalar(1.0f);
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {x, one, zeroPoint(DType::UInt8, 3)}),
                      Tensor::from<std::uint8_t>({8}, {3, 5, 5, 3, 1, 255, 0, 6})));
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {x, one, zeroPoint(DType::Int8, -3)}),
                      Tensor::from<std::int8_t>({8}, {-3, -1, -1, -3, -5, 127, -128, 0})));
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {x, one, zeroPoint(DType::Int16, 0)}, {}, 21),
                      Tensor::from<std::int16_t>({8}, {0, 2, 2, 0, -2, 32767, -32768, 3})));
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {x, one, zeroPoint(DType::UInt16, 1)}, {}, 21),
                      Tensor::from<std::uint16_t>({8}, {1, 3, 3, 1, 0, 65535, 0, 4})));
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {x, one}),
                      Tensor::from<std::uint8_t>({8}, {0, 2, 2, 0, 0, 255, 0, 3})));
  const Tensor four = runOne("QuantizeLinear", {x, one, zeroPoint(DType::Int4, 1)}, {}, 21);
  ASSERT_EQ(four.dtype(), DType::Int4);
  EXPECT_TRUE(
      isClose(convert(four, DType::Int8), Tensor::from<std::int8_t>({8}, {1, 3, 3, 1, -1, 7, -8, 4})));
  const Tensor uintFour = runOne("QuantizeLinear", {x, one}, {{"output_dtype", number(21)}}, 21);
  ASSERT_EQ(uintFour.dtype(), DType::UInt4);
  EXPECT_TRUE(
      isClose(convert(uintFour, DType::UInt8), Tensor::from<std::uint8_t>({8}, {0, 2, 2, 0, 0, 15, 0, 3})));
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {Tensor::from<std::int32_t>({2}, {7, -2147483647}),
                                                Tensor::scalar(2.0f), zeroPoint(DType::Int8, 0)}),
                      Tensor::from<std::int8_t>({2}, {4, -128})));
  const Tensor odd = floats({2}, {NAN, -INFINITY});
  EXPECT_TRUE(isClose(runOne("QuantizeLinear", {odd, one, zeroPoint(DType::UInt8, 9)}),
                      Tensor::from<std::uint8_t>({2}, {9, 0})));
}

struct LayoutCase {
  Shape shape, scale;
  Attributes attributes;
};

/// Position of the scale of element i: axis and block from the attributes.
std::int64_t scaleIndex(const LayoutCase& row, std::int64_t axis, std::int64_t block, std::int64_t i) {
  if (elementCount(row.scale) == 1) return 0;
  std::int64_t index = 0;
  std::vector<std::int64_t> p(row.shape.size());
  for (std::size_t d = row.shape.size(); d-- > 0; i /= row.shape[d]) p[d] = i % row.shape[d];
  if (block == 0) return p[static_cast<std::size_t>(axis)];
  for (std::size_t d = 0; d < p.size(); ++d)
    index = index * row.scale[d] + (static_cast<std::int64_t>(d) == axis ? p[d] / block : p[d]);
  return index;
}

TEST(QuantizeLinear, AgreesWithDequantizeLinearInEveryLayout) {
  const struct {
    LayoutCase row;
    std::int64_t axis, block;
  } table[] = {
      {{{2, 3, 4}, {}, {}}, 1, 0},
      {{{2, 3, 4}, {1}, {}}, 1, 0},
      {{{2, 3, 4}, {3}, {}}, 1, 0},
      {{{2, 3, 4}, {4}, {{"axis", number(-1)}}}, 2, 0},
      {{{5, 3}, {5}, {{"axis", number(0)}}}, 0, 0},
      {{{3, 7}, {3, 3}, {{"axis", number(1)}, {"block_size", number(3)}}}, 1, 3},
      {{{6, 5}, {3, 5}, {{"axis", number(0)}, {"block_size", number(2)}}}, 0, 2},
      {{{2, 4, 3}, {2, 2, 3}, {{"axis", number(1)}, {"block_size", number(2)}}}, 1, 2},
  };
  for (const auto& [row, axis, block] : table)
    for (const DType type :
         {DType::Int8, DType::UInt8, DType::Int16, DType::UInt16, DType::Int4, DType::UInt4}) {
      const bool isSigned = type == DType::Int8 || type == DType::Int16 || type == DType::Int4;
      const std::int32_t low = isSigned ? -(1 << (bitsOf(type) - 1)) : 0,
                         high = low + (1 << bitsOf(type)) - 1;
      const Tensor x = randomTensor(row.shape, 1, -40, 40), scale = randomTensor(row.scale, 2, 0.05f, 5);
      const Tensor zero =
          convert(randomTensor(row.scale, 3, static_cast<float>(low), static_cast<float>(high)), type);
      const Tensor q = runOne("QuantizeLinear", {x, scale, zero}, row.attributes, 21);
      const Tensor back = runOne("DequantizeLinear", {q, scale, zero}, row.attributes, 21);
      ASSERT_EQ(q.dtype(), type);
      for (std::int64_t i = 0; i < x.size(); ++i) {
        const std::int64_t s = scaleIndex(row, axis, block, i);
        const float step = scale.as<float>()[static_cast<std::size_t>(s)];
        const std::int64_t expected = std::clamp<std::int64_t>(
            std::lrint(x.as<float>()[static_cast<std::size_t>(i)] / step) + codeAt(zero, s), low, high);
        ASSERT_EQ(codeAt(q, i), expected) << toText(row.shape) << " " << name(type);
        ASSERT_EQ(back.as<float>()[static_cast<std::size_t>(i)],
                  static_cast<float>(expected - codeAt(zero, s)) * step);
      }
    }
}

TEST(DequantizeLinear, TakesInt32AndHalfScales) {
  const Tensor x = Tensor::from<std::int32_t>({2}, {-2147483647, 5});
  EXPECT_TRUE(
      isClose(runOne("DequantizeLinear", {x, Tensor::scalar(0.5f)}), floats({2}, {-1073741824.0f, 2.5f})));
  const Tensor half = runOne("DequantizeLinear", {x, convert(Tensor::scalar(0.25f), DType::Float16)}, {}, 19);
  EXPECT_EQ(half.dtype(), DType::Float16);
  EXPECT_EQ(toFloat32(half).as<float>()[1], 1.25f);
  const Tensor ends = Tensor::from<std::int32_t>({1}, {2147483647}),
               zero = Tensor::scalar<std::int32_t>(-2147483647 - 1);
  EXPECT_EQ(runOne("DequantizeLinear", {ends, Tensor::scalar(1.0f), zero}).as<float>()[0], 4294967296.0f);
}

TEST(DynamicQuantizeLinear, FollowsItsDefinition) {
  const auto outputs =
      runOp("DynamicQuantizeLinear", {floats({6}, {0, 2, -3, -2.5f, 1.34f, 0.5f})}, {}, 11, 3);
  EXPECT_TRUE(isClose(outputs[0], Tensor::from<std::uint8_t>({6}, {153, 255, 0, 26, 221, 179})));
  EXPECT_NEAR(outputs[1].as<float>()[0], 5.0f / 255, 1e-8);
  EXPECT_EQ(outputs[2].as<std::uint8_t>()[0], 153);
  const auto positive = runOp("DynamicQuantizeLinear", {floats({2}, {1, 2})}, {}, 11, 3);
  EXPECT_EQ(positive[2].as<std::uint8_t>()[0], 0);
  const auto none = runOp("DynamicQuantizeLinear", {floats({2}, {0, 0})}, {}, 11, 3);
  EXPECT_TRUE(isClose(none[0], Tensor::from<std::uint8_t>({2}, {0, 0})));
}

TEST(Quantization, RefusesWhatDoesNotFit) {
  const Tensor x = randomTensor({2, 3}, 1), s3 = randomTensor({3}, 2, 0.1f, 1),
               s2 = randomTensor({2}, 2, 0.1f, 1), one = Tensor::scalar(1.0f);
  expectError([&] { runOne("QuantizeLinear", {x, s2}); }, "3 positions of axis 1");
  expectError([&] { runOne("QuantizeLinear", {x, s3}, {{"axis", number(5)}}); }, "axis 5");
  expectError([&] { runOne("QuantizeLinear", {x, s3, zeroPoint(DType::Int8, 0)}); }, "zero point");
  expectError(
      [&] {
        runOne("QuantizeLinear", {x, s3}, {{"block_size", number(-2)}}, 21);
      },
      "block_size is -2");
  expectError([&] { runOne("QuantizeLinear", {x, s3}, {{"block_size", number(2)}}, 21); }, "blocks of 2");
  expectError(
      [&] {
        runOne("QuantizeLinear", {x, one}, {{"output_dtype", number(24)}}, 21);
      },
      "output_dtype 24");
  expectError([&] { runOne("QuantizeLinear", {x, one, Tensor::scalar(1.0f)}); }, "float32");
  expectError([&] { runOne("DequantizeLinear", {x, one}); }, "float32");
  expectError(
      [&] {
        runOne("DequantizeLinear", {codes({2}, DType::Int8, 1), one, zeroPoint(DType::UInt8, 0)});
      },
      "zero point is uint8");
  expectError([&] { runOne("MatMulInteger", {x, codes({3, 2}, DType::Int8, 1)}); }, "int8 or uint8");
  expectError(
      [&] {
        runOne("MatMulInteger", {codes({2, 3}, DType::Int8, 1), codes({4, 2}, DType::Int8, 1)});
      },
      "do not multiply");
  expectError(
      [&] {
        runOne("MatMulInteger",
               {codes({2, 3}, DType::Int8, 1), codes({3, 2}, DType::Int8, 1), zeroPoint(DType::UInt8, 0)});
      },
      "zero point");
  const Tensor image = codes({1, 2, 4, 4}, DType::UInt8, 1), kernel = codes({3, 2, 2, 2}, DType::Int8, 2);
  expectError([&] { runOne("ConvInteger", {image, kernel}, {{"pads", ints({-1, 0, 0, 0})}}); }, "pads");
  expectError([&] { runOne("ConvInteger", {image, codes({3, 1, 2, 2}, DType::Int8, 2)}); }, "channels");
  const Tensor zero = zeroPoint(DType::UInt8, 0), weightZero = zeroPoint(DType::Int8, 0);
  expectError(
      [&] {
        runOne("QLinearConv", {image, one, zero, kernel, s2, weightZero, one, zero});
      },
      "2 values for 3 output channels");
  expectError(
      [&] {
        runOne("QLinearConv", {image, s2, zero, kernel, one, weightZero, one, zero});
      },
      "x_scale has 2 values");
}

TEST(MatMulInteger, IsExactAtTheExtremes) {
  unsigned seed = 1;
  for (const std::int64_t depth : {1, 3, 255, 256, 257, 1000})
    for (const DType left : {DType::Int8, DType::UInt8})
      for (const DType right : {DType::Int8, DType::UInt8}) {
        const std::int32_t low = left == DType::Int8 ? -128 : 0, rightHigh = right == DType::Int8 ? 127 : 255;
        const bool worst = depth == 1000;  // every product is 255 * 255 or -255 * 255
        const Tensor a = worst ? filled({3, depth}, left, low + 255) : codes({3, depth}, left, seed++);
        const Tensor b =
            worst ? filled({depth, 5}, right, rightHigh - 255) : codes({depth, 5}, right, seed++);
        const Tensor za = zeroPoint(left, low), zb = zeroPoint(right, rightHigh);
        const Tensor y = runOne("MatMulInteger", {a, b, za, zb});
        const Tensor wideA = convert(a, DType::Int64), wideB = convert(b, DType::Int64);
        for (std::int64_t i = 0; i < 3; ++i)
          for (std::int64_t j = 0; j < 5; ++j) {
            std::int64_t sum = 0;
            for (std::int64_t k = 0; k < depth; ++k)
              sum += (wideA.as<std::int64_t>()[static_cast<std::size_t>(i * depth + k)] - low) *
                     (wideB.as<std::int64_t>()[static_cast<std::size_t>(k * 5 + j)] - rightHigh);
            ASSERT_EQ(codeAt(y, i * 5 + j), sum) << depth;
          }
      }
}

TEST(MatMulInteger, TakesZeroPointsByRowAndColumn) {
  const Tensor a = codes({2, 3, 4}, DType::UInt8, 5), b = codes({4, 2}, DType::Int8, 6);
  const Tensor za = Tensor::from<std::uint8_t>({3}, {1, 2, 250}),
               zb = Tensor::from<std::int8_t>({2}, {-128, 7});
  const Tensor y = runOne("MatMulInteger", {a, b, za, zb});
  ASSERT_EQ(y.shape(), (Shape{2, 3, 2}));
  for (std::int64_t i = 0; i < 12; ++i) {
    std::int64_t sum = 0;
    for (std::int64_t k = 0; k < 4; ++k)
      sum +=
          (codeAt(a, i / 2 * 4 + k) - codeAt(za, i / 2 % 3)) * (codeAt(b, k * 2 + i % 2) - codeAt(zb, i % 2));
    EXPECT_EQ(codeAt(y, i), sum);
  }
}

TEST(QLinearMatMul, MatchesItsDefinition) {
  for (const DType type : {DType::UInt8, DType::Int8}) {
    const Tensor a = codes({2, 3, 40}, type, 7), b = codes({40, 4}, type, 8);
    const Tensor sa = Tensor::from<float>({3}, {0.01f, 0.02f, 0.005f}),
                 sb = Tensor::from<float>({4}, {0.01f, 0.3f, 0.02f, 0.002f}), sy = Tensor::scalar(0.7f);
    const Tensor za = convert(Tensor::from<std::int32_t>({3}, {1, 2, 100}), type),
                 zb = convert(Tensor::from<std::int32_t>({4}, {0, 5, 9, 127}), type),
                 zy = zeroPoint(type, 11);
    const Tensor y = runOne("QLinearMatMul", {a, sa, za, b, sb, zb, sy, zy});
    ASSERT_EQ(y.dtype(), type);
    const std::int64_t low = type == DType::Int8 ? -128 : 0;
    for (std::int64_t i = 0; i < y.size(); ++i) {
      const std::int64_t row = i / 4 % 3, column = i % 4;
      std::int64_t sum = 0;
      for (std::int64_t k = 0; k < 40; ++k)
        sum +=
            (codeAt(a, i / 4 * 40 + k) - codeAt(za, row)) * (codeAt(b, k * 4 + column) - codeAt(zb, column));
      const float factor = sa.as<float>()[static_cast<std::size_t>(row)] *
                           sb.as<float>()[static_cast<std::size_t>(column)] / 0.7f;
      ASSERT_EQ(codeAt(y, i),
                std::clamp<std::int64_t>(std::lrint(static_cast<float>(sum) * factor) + 11, low, low + 255))
          << i;
    }
  }
}

struct ConvCase {
  Shape x, w;
  Attributes attributes;
  std::int64_t stride, dilation, pad, group;
  Shape y;
};

const ConvCase convTable[] = {
    {{2, 3, 6, 5}, {4, 3, 3, 3}, {}, 1, 1, 0, 1, {2, 4, 4, 3}},
    {{1, 4, 7, 7},
     {6, 2, 3, 3},
     {{"group", number(2)}, {"strides", ints({2, 2})}, {"pads", ints({1, 1, 1, 1})}},
     2,
     1,
     1,
     2,
     {1, 6, 4, 4}},
    {{1, 5, 8, 6},
     {5, 1, 2, 2},
     {{"group", number(5)}, {"dilations", ints({2, 2})}, {"pads", ints({2, 2, 2, 2})}},
     1,
     2,
     2,
     5,
     {1, 5, 10, 8}},
    {{1, 40, 3, 3}, {2, 40, 3, 3}, {{"pads", ints({1, 1, 1, 1})}}, 1, 1, 1, 1, {1, 2, 3, 3}},
};

std::vector<std::int64_t> naiveConv(const ConvCase& row, const Tensor& x, std::int64_t zx, const Tensor& w,
                                    const Tensor& zw) {
  std::vector<std::int64_t> sums;
  const std::int64_t perGroup = row.w[0] / row.group;
  const Tensor wideX = convert(x, DType::Int64), wideW = convert(w, DType::Int64);
  for (std::int64_t n = 0; n < row.y[0]; ++n)
    for (std::int64_t m = 0; m < row.y[1]; ++m)
      for (std::int64_t i = 0; i < row.y[2]; ++i)
        for (std::int64_t j = 0; j < row.y[3]; ++j) {
          std::int64_t sum = 0;
          for (std::int64_t c = 0; c < row.w[1]; ++c)
            for (std::int64_t a = 0; a < row.w[2]; ++a)
              for (std::int64_t b = 0; b < row.w[3]; ++b) {
                const std::int64_t h = i * row.stride - row.pad + a * row.dilation,
                                   v = j * row.stride - row.pad + b * row.dilation;
                if (h < 0 || v < 0 || h >= row.x[2] || v >= row.x[3]) continue;
                const std::int64_t channel = m / perGroup * row.w[1] + c;
                sum += (wideX.as<std::int64_t>()[static_cast<std::size_t>(
                            ((n * row.x[1] + channel) * row.x[2] + h) * row.x[3] + v)] -
                        zx) *
                       (wideW.as<std::int64_t>()[static_cast<std::size_t>(
                            ((m * row.w[1] + c) * row.w[2] + a) * row.w[3] + b)] -
                        codeAt(zw, zw.size() == 1 ? 0 : m));
              }
          sums.push_back(sum);
        }
  return sums;
}

TEST(ConvInteger, MatchesNaiveLoops) {
  for (const ConvCase& row : convTable) {
    const Tensor x = codes(row.x, DType::UInt8, 1), w = codes(row.w, DType::Int8, 2);
    const Tensor zw = zeroPoint(DType::Int8, 127);
    const Tensor y = runOne("ConvInteger", {x, w, zeroPoint(DType::UInt8, 200), zw}, row.attributes);
    ASSERT_EQ(y.shape(), row.y);
    const auto expected = naiveConv(row, x, 200, w, zw);
    for (std::int64_t i = 0; i < y.size(); ++i)
      ASSERT_EQ(codeAt(y, i), expected[static_cast<std::size_t>(i)]) << toText(row.x);
  }
}

TEST(QLinearConv, MatchesNaiveLoops) {
  for (const ConvCase& row : convTable)
    for (const bool perChannel : {false, true}) {
      const std::int64_t m = row.w[0];
      const Tensor x = codes(row.x, DType::Int8, 3), w = codes(row.w, DType::Int8, 4);
      const Shape shape = perChannel ? Shape{m} : Shape{};
      const Tensor sw = randomTensor(shape, 5, 0.001f, 0.02f),
                   zw = convert(randomTensor(shape, 6, -20, 20), DType::Int8);
      const Tensor bias = convert(randomTensor({m}, 7, -50000, 50000), DType::Int32);
      const Tensor y = runOne("QLinearConv",
                              {x, Tensor::scalar(0.3f), zeroPoint(DType::Int8, -7), w, sw, zw,
                               Tensor::scalar(1.9f), zeroPoint(DType::Int8, 4), bias},
                              row.attributes);
      ASSERT_EQ(y.shape(), row.y);
      const auto sums = naiveConv(row, x, -7, w, zw);
      for (std::int64_t i = 0; i < y.size(); ++i) {
        const std::int64_t channel = i / (row.y[2] * row.y[3]) % m;
        const float factor = 0.3f * sw.as<float>()[perChannel ? static_cast<std::size_t>(channel) : 0] / 1.9f;
        const std::int64_t sum = sums[static_cast<std::size_t>(i)] + codeAt(bias, channel);
        ASSERT_EQ(codeAt(y, i),
                  std::clamp<std::int64_t>(std::lrint(static_cast<float>(sum) * factor) + 4, -128, 127));
      }
    }
}

TEST(QuantizedCost, CountsTwoPerMultiplyAdd) {
  const Shape in[] = {{1, 3, 8, 8}, {}, {}, {4, 3, 3, 3}}, out[] = {{1, 4, 6, 6}};
  EXPECT_EQ(costOf(*findOp("", "QLinearConv"), Node{}, in, out).flops, 144.0 * 2 * 27);
  const Shape a[] = {{2, 5}, {5, 3}}, y[] = {{2, 3}};
  EXPECT_EQ(costOf(*findOp("", "MatMulInteger"), Node{}, a, y).flops, 6.0 * 2 * 5);
}

}  // namespace
}  // namespace lapidary::core
