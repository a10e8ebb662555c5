// SPDX-License-Identifier: GPL-3.0-or-later
// Every scheme against the source formulas written down plainly, and values against codes bit for bit.
#include "core/compress/quantize/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/compress/cut/cutter.h"
#include "core/model/dequantize.h"
#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

std::size_t channelOf(const Shape& shape, int axis, std::size_t index) {
  std::size_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(axis) + 1; d < shape.size(); ++d)
    inner *= static_cast<std::size_t>(shape[d]);
  return index / inner % static_cast<std::size_t>(shape[static_cast<std::size_t>(axis)]);
}

/// The index of the scale of an element: for blocks by the definition of the matrix.
std::size_t scaleOf(const WeightEncoding& encoding, std::size_t index) {
  if (encoding.axis < 0) return 0;
  const Shape& shape = encoding.codes.shape();
  if (encoding.blockSize == 0) return channelOf(shape, encoding.axis, index);
  const auto block = static_cast<std::size_t>(encoding.blockSize);
  const WeightMatrix m = weightMatrix(shape, encoding.axis);
  const std::size_t output = m.inputsFirst ? index % m.outputs : index / m.inputs;
  const std::size_t input = m.inputsFirst ? index / m.outputs : index % m.inputs;
  return m.inputsFirst ? input / block * m.outputs + output
                       : output * ((m.inputs + block - 1) / block) + input / block;
}

/// The sentence atop WeightEncoding, one rounding a step.
float decoded(const WeightEncoding& encoding, std::size_t index) {
  const std::size_t c = scaleOf(encoding, index);
  const std::int64_t code = toInt64(encoding.codes)[index];
  if (encoding.codebook.defined())
    return encoding.codebook.as<float>()[static_cast<std::size_t>(code)] * encoding.scale.as<float>()[c];
  const std::int64_t zero = toInt64(encoding.zeroPoint)[c];
  volatile float value = static_cast<float>(code - zero);
  value = value * encoding.scale.as<float>()[c];
  if (encoding.offset.defined() && (encoding.offsetEverywhere || code != zero))
    value = value + encoding.offset.as<float>()[c];
  return value;
}

constexpr Scheme everyScheme[] = {Scheme::Symmetric,  Scheme::Affine,      Scheme::MinMax,
                                  Scheme::Binary,     Scheme::BitPlane,    Scheme::PowerOfTwo,
                                  Scheme::Ternary,    Scheme::NormalFloat, Scheme::Float8E4M3,
                                  Scheme::Float8E5M2, Scheme::Codebook};

int mostBits(Scheme scheme) { return scheme == Scheme::Codebook ? 8 : 16; }

struct QuantizeCase {
  Scheme scheme;
  Granularity granularity;
  Shape shape;
  int axis;
};

class EveryScheme : public ::testing::TestWithParam<QuantizeCase> {};

void expectCodesMeanValues(const Tensor& weight, const QuantizeCase& c, int bits, int dropped,
                           double threshold) {
  const CutWeight cut = cutWeight(weight, c.axis, threshold, 0, {c.scheme, bits, c.granularity, dropped, 8});
  ASSERT_TRUE(cut.encoding);
  const WeightEncoding& e = *cut.encoding;
  const std::vector<std::int64_t> codes = toInt64(e.codes);
  const std::span<const float> values = cut.values.as<float>();
  WeightEncoding plain = e;  // decoded() converts codes each time: only look at some elements of large ones
  for (std::size_t i = 0; i < values.size(); i += 7)
    ASSERT_EQ(std::bit_cast<std::uint32_t>(values[i] + 0.0f),
              std::bit_cast<std::uint32_t>(decoded(plain, i) + 0.0f))
        << name(c.scheme) << " bits " << bits << " element " << i;
  const Tensor meant = dequantized(e);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(meant.as<float>()[i], values[i]);
  const bool isSigned = e.codes.dtype() == DType::Int8 || e.codes.dtype() == DType::Int16;
  const std::int64_t low = isSigned ? -(std::int64_t{1} << (e.bits - 1)) : 0;
  const std::int64_t high =
      isSigned ? (std::int64_t{1} << (e.bits - 1)) - 1 : (std::int64_t{1} << e.bits) - 1;
  for (const std::int64_t code : codes) {
    if (c.scheme == Scheme::Binary)
      ASSERT_LE(std::abs(code), 1);
    else
      ASSERT_TRUE(code >= low && code <= high) << name(c.scheme) << " bits " << bits << " code " << code;
  }
  for (const float scale : e.scale.as<float>()) ASSERT_GT(scale, 0);
  if (threshold > 0)
    for (std::size_t i = 0; i < values.size(); ++i)
      if (std::fabs(weight.as<float>()[i]) < threshold) {
        ASSERT_EQ(values[i], 0.0f);
      }
}

TEST_P(EveryScheme, ValuesAreWhatTheCodesMean) {
  const QuantizeCase& c = GetParam();
  const Tensor weight = test::normalWeight(c.shape, 3);
  for (int bits = 1; bits <= mostBits(c.scheme); ++bits)
    for (const double threshold : {0.0, 0.05}) {
      const int dropped = c.scheme == Scheme::BitPlane ? bits / 3 : 0;
      expectCodesMeanValues(weight, c, bits, dropped, threshold);
    }
}

std::vector<QuantizeCase> allCases() {
  std::vector<QuantizeCase> cases;
  for (const Scheme scheme : everyScheme)
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group}) {
      cases.push_back({scheme, granularity, {6, 3, 5, 5}, 0});
      cases.push_back({scheme, granularity, {31, 12}, 1});   // neighbours in neighbouring channels
      cases.push_back({scheme, granularity, {4, 5, 9}, 1});  // channels in the middle
    }
  return cases;
}
INSTANTIATE_TEST_SUITE_P(All, EveryScheme, ::testing::ValuesIn(allCases()));

TEST(Quantize, SymmetricFollowsItsFormula) {
  const Tensor weight = test::normalWeight({8, 50}, 9);
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::Symmetric, 6, Granularity::Channel, 0});
  const auto w = weight.as<float>();
  for (std::size_t c = 0; c < 8; ++c) {
    float largest = 0;
    for (std::size_t i = 0; i < 50; ++i) largest = std::max(largest, std::fabs(w[c * 50 + i]));
    const float scale = static_cast<float>(static_cast<double>(largest) / 31);
    EXPECT_EQ(cut.encoding->scale.as<float>()[c], scale);
    for (std::size_t i = 0; i < 50; ++i)
      EXPECT_EQ(cut.encoding->codes.as<std::int8_t>()[c * 50 + i],
                std::clamp(std::nearbyint(w[c * 50 + i] / scale), -31.f, 31.f));
  }
}

TEST(Quantize, RoundsTiesToEven) {
  const Tensor weight = Tensor::from<float>({6}, {127.0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f});
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::Symmetric, 8, Granularity::Tensor, 0});
  EXPECT_THAT(cut.encoding->codes.as<std::int8_t>(), ::testing::ElementsAre(127, 0, 2, 2, 0, -2));
}

TEST(Quantize, AffineWidensTheRangeToHoldZero) {
  const Tensor weight = Tensor::from<float>({3}, {2.0f, 3.0f, 5.0f});
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::Affine, 8, Granularity::Tensor, 0});
  const WeightEncoding& e = *cut.encoding;
  EXPECT_EQ(e.scale.as<float>()[0], static_cast<float>(5.0 / 255));
  EXPECT_EQ(e.zeroPoint.as<std::uint8_t>()[0], 0);
  const Tensor negative = Tensor::from<float>({3}, {-2.0f, -3.0f, -5.0f});
  EXPECT_EQ(cutWeight(negative, 0, 0, 0, {Scheme::Affine, 8, Granularity::Tensor, 0})
                .encoding->zeroPoint.as<std::uint8_t>()[0],
            255);
}

TEST(Quantize, MinMaxIsTheSourceFormula) {
  const Tensor weight = test::normalWeight({500}, 4);
  const auto w = weight.as<float>();
  const double low = *std::min_element(w.begin(), w.end()), high = *std::max_element(w.begin(), w.end());
  for (int bits = 1; bits <= 16; ++bits) {
    const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::MinMax, bits, Granularity::Tensor, 0});
    EXPECT_EQ(cut.encoding->bits, static_cast<unsigned>(bits));
    EXPECT_TRUE(cut.encoding->offsetEverywhere);
    const double n = (1 << bits) - 1;
    const std::vector<std::int64_t> codes = toInt64(cut.encoding->codes);
    const float scale = static_cast<float>((high - low) / n);
    for (std::size_t i = 0; i < w.size(); ++i) {
      ASSERT_EQ(codes[i], static_cast<std::int64_t>(std::floor((w[i] - low) / (high - low) * n + 0.5)))
          << bits;
      volatile float value = static_cast<float>(codes[i]) * scale;
      value = value + static_cast<float>(low);
      ASSERT_EQ(cut.values.as<float>()[i], value);
    }
  }
}

TEST(Quantize, MinMaxKeepsACodeForPrunedZeros) {
  const Tensor weight = Tensor::from<float>({5}, {-1.0f, 0.01f, 0.5f, 1.0f, 3.0f});
  const CutWeight cut = cutWeight(weight, 0, 0.1, 0, {Scheme::MinMax, 2, Granularity::Tensor, 0});
  EXPECT_THAT(cut.encoding->codes.as<std::uint8_t>(), ::testing::ElementsAre(1, 0, 2, 2, 3));  // N = 2
  EXPECT_THAT(cut.values.as<float>(), ::testing::ElementsAre(-1, 0, 1, 1, 3));
  EXPECT_FALSE(cut.encoding->offsetEverywhere);
  const CutWeight one = cutWeight(weight, 0, 0.1, 0, {Scheme::MinMax, 1, Granularity::Tensor, 0});
  EXPECT_EQ(one.encoding->bits, 2u);
  EXPECT_THAT(one.values.as<float>(), ::testing::ElementsAre(-1, 0, -1, 3, 3));
}

TEST(Quantize, BinaryIsSignTimesMeanMagnitude) {
  const Tensor weight = Tensor::from<float>({2, 3}, {1.0f, -2.0f, 3.0f, 0.1f, -4.0f, 4.0f});
  const CutWeight dense = cutWeight(weight, 0, 0, 0, {Scheme::Binary, 8, Granularity::Channel, 0});
  EXPECT_EQ(dense.encoding->bits, 1u);
  EXPECT_THAT(dense.values.as<float>(), ::testing::ElementsAre(2, -2, 2, 2.7f, -2.7f, 2.7f));
  const CutWeight sparse = cutWeight(weight, 0, 0.5, 0, {Scheme::Binary, 8, Granularity::Channel, 0});
  EXPECT_EQ(sparse.encoding->bits, 2u);
  EXPECT_THAT(sparse.values.as<float>(), ::testing::ElementsAre(2, -2, 2, 0, -4, 4));
}

TEST(Quantize, BitPlanesSumToTheCode) {
  const Tensor weight = test::normalWeight({4, 30}, 8);
  const CutWeight full = cutWeight(weight, 0, 0, 0, {Scheme::Symmetric, 8, Granularity::Channel, 0});
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::BitPlane, 8, Granularity::Channel, 3});
  std::vector<std::int64_t> sum(120);
  for (int plane = 0; plane < 7; ++plane) {
    const std::vector<std::int64_t> bits = toInt64(bitPlane(*full.encoding, plane));
    for (std::size_t i = 0; i < sum.size(); ++i)
      if (plane >= 3) sum[i] += bits[i] << plane;
    if (plane < 3) {
      EXPECT_EQ(toInt64(bitPlane(*cut.encoding, plane)), std::vector<std::int64_t>(120));
    }
  }
  const std::vector<std::int64_t> before = toInt64(full.encoding->codes),
                                  after = toInt64(cut.encoding->codes);
  for (std::size_t i = 0; i < sum.size(); ++i) EXPECT_EQ(after[i], before[i] < 0 ? -sum[i] : sum[i]);
}

TEST(Quantize, ConstantAndZeroChannels) {
  const Tensor weight = Tensor::from<float>({3, 2}, {0.3f, 0.3f, 0.0f, 0.0f, -7.0f, -7.0f});
  for (const Scheme scheme : everyScheme)
    for (const int bits : {2, 4, 8, 16})
      for (const double threshold : {0.0, 0.1}) {
        if (bits > mostBits(scheme) || scheme == Scheme::PowerOfTwo)
          continue;  // 0.3 is no such step's multiple
        const CutWeight cut = cutWeight(weight, 0, threshold, 0, {scheme, bits, Granularity::Channel, 0});
        for (std::size_t i = 0; i < 6; ++i)
          EXPECT_FLOAT_EQ(cut.values.as<float>()[i], weight.as<float>()[i]) << name(scheme) << bits;
      }
}

TEST(Quantize, ExtremeMagnitudesStayFinite) {
  const Tensor weight = Tensor::from<float>({2, 3}, {3e38f, -1e37f, 1e38f, 1e-45f, -1e-44f, 1e-43f});
  for (const Scheme scheme : everyScheme)
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel}) {
      const CutWeight cut = cutWeight(weight, 0, 0, 0, {scheme, 8, granularity, 0});
      for (const float v : cut.values.as<float>()) EXPECT_TRUE(std::isfinite(v)) << name(scheme);
      const bool fine = scheme == Scheme::Symmetric || scheme == Scheme::Affine || scheme == Scheme::BitPlane;
      if (granularity == Granularity::Channel && fine) {
        for (std::size_t i = 3; i < 6; ++i)
          EXPECT_NEAR(cut.values.as<float>()[i], weight.as<float>()[i], 3e-45);
      }
    }
  const Tensor wide = Tensor::from<float>({2}, {3e38f, -3e38f});
  EXPECT_THROW(cutWeight(wide, 0, 0, 0, {Scheme::MinMax, 8, Granularity::Tensor, 0}), Error);
  EXPECT_NO_THROW(cutWeight(wide, 0, 0, 0, {Scheme::Affine, 8, Granularity::Tensor, 0}));
}

TEST(Quantize, RefusesWhatIsNotFinite) {
  const Tensor weight = Tensor::from<float>({2}, {1.0f, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_THROW(cutWeight(weight, 0, 0, 0, {Scheme::Symmetric, 8, Granularity::Tensor, 0}), Error);
  EXPECT_NO_THROW(cutWeight(weight, 0, 0.5, 0, {}));
}

TEST(Quantize, SignalToNoiseMatchesItsDefinition) {
  const Tensor weight = test::normalWeight({3000}, 12);
  const CutWeight cut = cutWeight(weight, 0, 0.02, 0, {Scheme::Symmetric, 4, Granularity::Tensor, 0});
  double signal = 0, noise = 0;
  std::int64_t zeros = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    const double w = weight.as<float>()[i], v = cut.values.as<float>()[i];
    signal += w * w, noise += (w - v) * (w - v), zeros += v == 0;
  }
  EXPECT_NEAR(cut.snrDb.value(), 10 * std::log10(signal / noise), 1e-4);
  EXPECT_EQ(cut.zeros, zeros);
}

}  // namespace
}  // namespace lapidary::core
