// SPDX-License-Identifier: GPL-3.0-or-later
// Codebooks, NF4 and 8-bit floats against their definitions in double.
#include "core/compress/quantize/codebook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/compress/cut/cutter.h"
#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

/// The probability that a standard normal variable exceeds x is 1 - p: by bisection.
double normalQuantile(double p) {
  double low = -10, high = 10;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
  }
  return low;
}

TEST(Codebook, NormalFloatsAreTheQuantilesOfTheirPaper) {
  const double outermost = 0.9677083, largest = normalQuantile(outermost);
  std::vector<double> expected;
  for (int i = 0; i < 7; ++i)
    expected.push_back(-normalQuantile(outermost + (0.5 - outermost) * i / 7) / largest);
  expected.push_back(0);
  for (int i = 7; i >= 0; --i)
    expected.push_back(normalQuantile(outermost + (0.5 - outermost) * i / 8) / largest);
  const auto found = normalFloatValues();
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(found[i], expected[i], 2e-6) << i;
  EXPECT_EQ(found[7], 0.0f);
}

TEST(Codebook, EightBitFloatsHaveTheirKnownValues) {
  const auto e4m3 = float8Values(Scheme::Float8E4M3), e5m2 = float8Values(Scheme::Float8E5M2);
  EXPECT_EQ(e4m3[0x01], std::ldexp(1.0f, -9));
  EXPECT_EQ(e4m3[0x08], std::ldexp(1.0f, -6));
  EXPECT_EQ(e4m3[0x38], 1.0f);
  EXPECT_EQ(e4m3[0x7e], 448.0f);
  EXPECT_EQ(e4m3[0xfe], -448.0f);
  EXPECT_EQ(e4m3[0x7f], 0.0f);  // not-a-number stands for nothing
  EXPECT_EQ(e5m2[0x01], std::ldexp(1.0f, -16));
  EXPECT_EQ(e5m2[0x3c], 1.0f);
  EXPECT_EQ(e5m2[0x7b], 57344.0f);
  for (int code = 0x7c; code < 0x80; ++code) EXPECT_EQ(e5m2[static_cast<std::size_t>(code)], 0.0f);
  // E5M2 is a float16 cut short.
  for (int code = 0; code < 0x7c; ++code)
    EXPECT_EQ(e5m2[static_cast<std::size_t>(code)],
              toFloat32(convert(Tensor::scalar(e5m2[static_cast<std::size_t>(code)]), DType::Float16))
                  .as<float>()[0]);
}

/// The nearest entry; of two as near the one with an even code.
float nearestFloat8(double x, const std::vector<float>& table) {
  float best = 0;
  double least = std::numeric_limits<double>::infinity();
  bool even = false;
  for (std::size_t code = 0; code < 256; ++code) {
    const double distance = std::fabs(static_cast<double>(table[code]) - x);
    if (distance < least || (distance == least && !even && code % 2 == 0))
      least = distance, best = table[code], even = code % 2 == 0;
  }
  return best;
}

TEST(Codebook, EightBitFloatsRoundToTheNearestTiesToEven) {
  for (const Scheme scheme : {Scheme::Float8E4M3, Scheme::Float8E5M2}) {
    const auto table = float8Values(scheme);
    const float greatest = *std::ranges::max_element(table);
    std::vector<float> weights{greatest};  // so that the scale is 1
    for (const float entry : table)
      for (const float factor : {1.0f, 1.01f, 0.97f})
        weights.push_back(std::min(greatest, std::max(-greatest, entry * factor)));
    for (std::size_t i = 0; i + 1 < 0x7b; ++i) weights.push_back((table[i] + table[i + 1]) / 2);
    const Tensor weight = Tensor::from<float>({static_cast<std::int64_t>(weights.size())}, weights);
    const CutWeight cut = cutWeight(weight, 0, 0, 0, {scheme, 8, Granularity::Tensor});
    EXPECT_EQ(cut.encoding->bits, 8u);
    for (std::size_t i = 0; i < weights.size(); ++i)
      ASSERT_EQ(cut.values.as<float>()[i], nearestFloat8(static_cast<double>(weights[i]), table))
          << weights[i];
  }
}

TEST(Codebook, NormalFloatTakesTheNearestTimesTheGreatestMagnitude) {
  const Tensor weight = test::normalWeight({6, 100}, 4);
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::NormalFloat, 8, Granularity::Channel});
  EXPECT_EQ(cut.encoding->bits, 4u);
  for (std::size_t c = 0; c < 6; ++c) {
    float scale = 0;
    for (std::size_t i = 0; i < 100; ++i) scale = std::max(scale, std::fabs(weight.as<float>()[c * 100 + i]));
    EXPECT_EQ(cut.encoding->scale.as<float>()[c], scale);
    for (std::size_t i = c * 100; i < c * 100 + 100; ++i) {
      double least = std::numeric_limits<double>::infinity();
      for (const float entry : normalFloatValues())
        least = std::min(least, std::fabs(static_cast<double>(entry) * scale - weight.as<float>()[i]));
      ASSERT_NEAR(std::fabs(static_cast<double>(cut.values.as<float>()[i]) - weight.as<float>()[i]), least,
                  1e-7);
    }
  }
}

TEST(Codebook, ClustersKeepZerosApart) {
  const Tensor weight = test::normalWeight({40, 50}, 6);
  for (int bits = 1; bits <= 8; ++bits) {
    const CutWeight dense = cutWeight(weight, 0, 0, 0, {Scheme::Codebook, bits, Granularity::Tensor});
    EXPECT_LE(dense.encoding->codebook.size(), 1 << bits);
    EXPECT_EQ(dense.encoding->bits, static_cast<unsigned>(bits));
    EXPECT_EQ(dense.encoding->scale.as<float>()[0], 1.0f);
    const CutWeight sparse = cutWeight(weight, 0, 0.1, 0, {Scheme::Codebook, bits, Granularity::Tensor});
    EXPECT_EQ(sparse.encoding->codebook.as<float>()[0], 0.0f);
    EXPECT_LE(sparse.encoding->codebook.size(), std::max(3, 1 << bits));
    EXPECT_EQ(sparse.encoding->bits, static_cast<unsigned>(std::max(2, bits)));
    for (std::size_t i = 0; i < 2000; ++i) {
      const bool pruned = std::fabs(weight.as<float>()[i]) < 0.1f;
      ASSERT_EQ(sparse.values.as<float>()[i] == 0.0f, pruned);
      ASSERT_EQ(sparse.encoding->codes.as<std::uint8_t>()[i] == 0, pruned);
    }
    const std::set<float> distinct(sparse.values.as<float>().begin(), sparse.values.as<float>().end());
    EXPECT_LE(distinct.size(), static_cast<std::size_t>(std::max(3, 1 << bits)));
  }
}

double errorWith(const Tensor& weight, const Quantize& quantize) {
  const CutWeight cut = cutWeight(weight, 0, 0, 0, quantize);
  double sum = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(weight.size()); ++i)
    sum += std::pow(
        static_cast<double>(weight.as<float>()[i]) - static_cast<double>(cut.values.as<float>()[i]), 2);
  return sum;
}

TEST(Codebook, ErrsLessThanEvenStepsOfAsManyBits) {
  const Tensor weight = test::normalWeight({64, 128}, 2);
  for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
    for (const int bits : {2, 3, 4, 6, 8}) {
      const Quantize even{.scheme = Scheme::Symmetric, .bits = bits, .granularity = granularity};
      Quantize clustered = even;
      clustered.scheme = Scheme::Codebook;
      EXPECT_LT(errorWith(weight, clustered), 0.9 * errorWith(weight, even)) << bits;
      if (bits != 4) continue;
      Quantize normal = even;
      normal.scheme = Scheme::NormalFloat;
      EXPECT_LT(errorWith(weight, normal), errorWith(weight, even));
    }
}

TEST(Codebook, EdgeCases) {
  for (const Scheme scheme : {Scheme::NormalFloat, Scheme::Float8E4M3, Scheme::Float8E5M2, Scheme::Codebook,
                              Scheme::Ternary, Scheme::PowerOfTwo})
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group}) {
      const Quantize quantize{.scheme = scheme, .bits = 4, .granularity = granularity, .groupSize = 8};
      const CutWeight zeros = cutWeight(Tensor::from<float>({2, 2}, {0, 0, 0, 0}), 0, 0, 0, quantize);
      EXPECT_THAT(zeros.values.as<float>(), ::testing::Each(0.0f)) << name(scheme);
      const CutWeight one = cutWeight(Tensor::from<float>({1, 1}, {-0.5f}), 0, 0, 0, quantize);
      EXPECT_FLOAT_EQ(one.values.as<float>()[0], -0.5f) << name(scheme);
      const float nan = std::numeric_limits<float>::quiet_NaN();
      EXPECT_THROW(cutWeight(Tensor::from<float>({1, 2}, {nan, 1.0f}), 0, 0, 0, quantize), Error);
    }
}

TEST(Ternary, FollowsItsFormula) {
  const Tensor weight = test::normalWeight({5, 60}, 8);
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::Ternary, 8, Granularity::Channel});
  EXPECT_EQ(cut.encoding->bits, 2u);
  for (std::size_t c = 0; c < 5; ++c) {
    const auto row = weight.as<float>().subspan(c * 60, 60);
    double mean = 0, kept = 0, count = 0;
    for (const float w : row) mean += std::fabs(static_cast<double>(w)) / 60;
    for (const float w : row)
      if (std::fabs(static_cast<double>(w)) > 0.7 * mean) kept += std::fabs(static_cast<double>(w)), ++count;
    for (std::size_t i = 0; i < 60; ++i) {
      const bool stays = std::fabs(static_cast<double>(row[i])) > 0.7 * mean;
      EXPECT_NEAR(cut.values.as<float>()[c * 60 + i], stays ? std::copysign(kept / count, row[i]) : 0, 1e-7);
    }
  }
  EXPECT_LT(errorWith(weight, {Scheme::Ternary, 2, Granularity::Channel}),
            errorWith(weight, {Scheme::Symmetric, 2, Granularity::Channel}));
}

TEST(PowerOfTwo, ScalesAreTheNextPowers) {
  const Tensor weight = Tensor::from<float>({3, 2}, {7.0f, 1.0f, 7.1f, -3.0f, 0.0f, -0.875f});
  const CutWeight cut = cutWeight(weight, 0, 0, 0, {Scheme::PowerOfTwo, 4, Granularity::Channel});
  EXPECT_THAT(cut.encoding->scale.as<float>(), ::testing::ElementsAre(1.0f, 2.0f, 0.125f));
  EXPECT_THAT(cut.values.as<float>(), ::testing::ElementsAre(7, 1, 8, -4, 0, -0.875f));
  const Tensor large = test::normalWeight({9, 70}, 1);
  for (int bits = 1; bits <= 16; ++bits) {
    const CutWeight made = cutWeight(large, 0, 0, 0, {Scheme::PowerOfTwo, bits, Granularity::Channel});
    for (const float scale : made.encoding->scale.as<float>()) {
      int exponent = 0;
      EXPECT_EQ(std::frexp(scale, &exponent), 0.5f);
    }
    for (std::size_t i = 0; i < 630; ++i) {
      const float scale = made.encoding->scale.as<float>()[i / 70];
      const double most = std::max(1, (1 << (bits - 1)) - 1);
      const double code = std::clamp(std::nearbyint(double{large.as<float>()[i]} / scale), -most, most);
      EXPECT_EQ(made.values.as<float>()[i], static_cast<float>(code) * scale);
    }
  }
}

}  // namespace
}  // namespace lapidary::core
