// SPDX-License-Identifier: GPL-3.0-or-later
// Clipped ranges against plain searches in double, and against what they promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/compress/cut/cutter.h"
#include "core/compress/quantize/divergence.h"
#include "core/compress/quantize/weight_range_search.h"
#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

Tensor heavyTailed(Shape shape, unsigned seed) {
  std::mt19937 random(seed);
  std::student_t_distribution<float> draw(4);
  std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
  for (float& value : values) value = 0.05f * draw(random);
  return Tensor::from<float>(std::move(shape), values);
}

double errorOf(const Tensor& weight, const CutWeight& cut) {
  double sum = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(weight.size()); ++i)
    sum += std::pow(
        static_cast<double>(weight.as<float>()[i]) - static_cast<double>(cut.values.as<float>()[i]), 2);
  return sum;
}

constexpr Scheme ranged[] = {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::PowerOfTwo,
                             Scheme::BitPlane};

TEST(WeightRange, LeastSquaresBeatsMinMaxOnHeavyTails) {
  const Tensor weight = heavyTailed({32, 300}, 1);
  for (const Scheme scheme : ranged)
    for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group})
      for (const int bits : {2, 3, 4}) {
        Quantize quantize{.scheme = scheme, .bits = bits, .granularity = granularity, .groupSize = 64};
        const double plain = errorOf(weight, cutWeight(weight, 0, 0, 0, quantize));
        quantize.range = RangeMethod::MeanSquaredError;
        const double clipped = errorOf(weight, cutWeight(weight, 0, 0, 0, quantize));
        EXPECT_LE(clipped, plain) << name(scheme) << bits;
        if (granularity != Granularity::Group && bits > 2) {
          EXPECT_LT(clipped, 0.9 * plain) << name(scheme) << bits << static_cast<int>(granularity);
        }
      }
}

/// All hundred ranges, each encoded by the encoder itself.
TEST(WeightRange, LeastSquaresFindsTheBestOfAHundred) {
  const Tensor weight = heavyTailed({777}, 3);
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Affine}) {
    Quantize quantize{.scheme = scheme, .bits = 4, .granularity = Granularity::Tensor};
    quantize.range = RangeMethod::MeanSquaredError;
    const auto w = weight.as<float>();
    const double low = *std::ranges::min_element(w), high = *std::ranges::max_element(w);
    const double largest = std::max(-low, high);
    double least = std::numeric_limits<double>::infinity();
    for (int c = 1; c <= 100; ++c) {
      const double share = c / 100.0, most = scheme == Scheme::Affine ? 15 : 7;
      const double scale = scheme == Scheme::Affine ? (high - low) * share / most : largest * share / most;
      const double zero = scheme == Scheme::Affine ? std::nearbyint(-low * share / scale) : 0;
      double sum = 0;
      for (const float value : w) {
        const double code = std::clamp(std::nearbyint(double{value} / scale) + zero,
                                       scheme == Scheme::Affine ? 0 : -most, most);
        sum += std::pow((code - zero) * scale - double{value}, 2);
      }
      least = std::min(least, sum);
    }
    EXPECT_NEAR(errorOf(weight, cutWeight(weight, 0, 0, 0, quantize)), least, 1e-4 * least) << name(scheme);
  }
}

TEST(WeightRange, PercentileLeavesOutTheOutermost) {
  const Tensor weight = heavyTailed({50'000}, 5);
  std::vector<float> sorted(weight.as<float>().begin(), weight.as<float>().end());
  std::ranges::sort(sorted);
  Quantize quantize{.scheme = Scheme::Affine, .bits = 8, .granularity = Granularity::Tensor};
  quantize.range = RangeMethod::Percentile;
  const WeightRange affine = clippedRange(weight.as<float>(), quantize, limitsOf(quantize, false));
  EXPECT_EQ(affine.low, sorted[2]);  // 5 of 50,000 lie outside, 2 on either side
  EXPECT_EQ(affine.high, sorted[49'997]);
  quantize.scheme = Scheme::Symmetric;
  for (float& w : sorted) w = std::fabs(w);
  std::ranges::sort(sorted);
  const WeightRange symmetric = clippedRange(weight.as<float>(), quantize, limitsOf(quantize, false));
  EXPECT_EQ(symmetric.high, sorted[49'994]);
  EXPECT_EQ(symmetric.low, -symmetric.high);
  EXPECT_EQ(cutWeight(weight, 0, 0, 0, quantize).encoding->scale.as<float>()[0],
            static_cast<float>(double{symmetric.high} / 127));
}

/// The formula as the paper has it, over all bins.
double plainDivergence(const std::vector<std::uint64_t>& bins, std::size_t first, std::size_t last,
                       std::size_t levels) {
  std::vector<double> clipped(bins.begin() + static_cast<std::ptrdiff_t>(first),
                              bins.begin() + static_cast<std::ptrdiff_t>(last));
  const std::vector<double> inside = clipped;
  for (std::size_t i = 0; i < first; ++i) clipped.front() += static_cast<double>(bins[i]);
  for (std::size_t i = last; i < bins.size(); ++i) clipped.back() += static_cast<double>(bins[i]);
  double total = 0, kept = 0, sum = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) total += clipped[i], kept += inside[i];
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t begin = level * inside.size() / levels, end = (level + 1) * inside.size() / levels;
    double held = 0, filled = 0;
    for (std::size_t i = begin; i < end; ++i)
      if (clipped[i] > 0) held += inside[i], filled += 1;
    for (std::size_t i = begin; i < end; ++i)
      if (clipped[i] > 0)
        sum += clipped[i] / total * std::log(clipped[i] / total / std::max(held / filled / kept, 1e-12));
  }
  return sum;
}

TEST(WeightRange, DivergenceIsItsFormula) {
  std::mt19937 random(9);
  std::vector<std::uint64_t> bins(512);
  for (auto& bin : bins) bin = random() % 5 < 2 ? 0 : random() % 100;
  const ClippedDivergence divergence(bins);
  for (const auto& [first, last] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 512}, {10, 500}, {100, 133}, {255, 256}, {511, 512}})
    for (const std::size_t levels : {1u, 16u, 32u}) {
      if (std::accumulate(bins.begin() + static_cast<std::ptrdiff_t>(first),
                          bins.begin() + static_cast<std::ptrdiff_t>(last), std::uint64_t{0}) == 0)
        continue;
      const double plain = plainDivergence(bins, first, last, levels);
      EXPECT_NEAR(divergence(first, last, levels), plain, 1e-9 * (1 + std::fabs(plain)))
          << first << " " << levels;
    }
}

TEST(WeightRange, EntropyClipsFarTailsAndSparesEvenOnes) {
  std::vector<float> values;
  std::mt19937 random(2);
  std::normal_distribution<float> normal(0, 0.1f);
  for (int i = 0; i < 50'000; ++i) values.push_back(normal(random));
  Quantize quantize{.scheme = Scheme::Symmetric, .bits = 6, .granularity = Granularity::Tensor};
  quantize.range = RangeMethod::Entropy;
  std::vector<float> far = values;
  far.push_back(4.0f);
  const WeightRange clipped = clippedRange(far, quantize, limitsOf(quantize, false));
  EXPECT_LT(clipped.high, 1.5f);
  EXPECT_GT(clipped.high, 0.2f);
  std::vector<float> even;
  for (int i = 0; i < 50'000; ++i) even.push_back(static_cast<float>(i % 2001 - 1000) / 1000);
  EXPECT_GT(clippedRange(even, quantize, limitsOf(quantize, false)).high, 0.9f);
  const std::vector<float> few(values.begin(), values.begin() + 100);
  const WeightRange all = clippedRange(few, quantize, limitsOf(quantize, false));
  EXPECT_EQ(all.high, std::fabs(*std::ranges::max_element(few, {}, [](float w) { return std::fabs(w); })));
}

TEST(WeightRange, ConstantsZerosAndSingles) {
  for (const Scheme scheme : ranged)
    for (const RangeMethod range :
         {RangeMethod::Percentile, RangeMethod::MeanSquaredError, RangeMethod::Entropy})
      for (const Granularity granularity : {Granularity::Tensor, Granularity::Channel, Granularity::Group}) {
        Quantize quantize{.scheme = scheme, .bits = 8, .granularity = granularity, .groupSize = 8};
        quantize.range = range;
        for (const float value : {0.0f, 0.5f, -0.5f, 1e-42f, 1e38f}) {
          const Tensor weight = Tensor::from<float>({2, 2}, {value, value, value, value});
          const CutWeight cut = cutWeight(weight, 0, 0, 0, quantize);
          for (const float v : cut.values.as<float>())
            EXPECT_NEAR(v, value, 0.005f * std::fabs(value) + 2e-45f) << name(scheme) << name(range);
        }
      }
}

TEST(WeightRange, PrunedZerosStayZeros) {
  const Tensor weight = heavyTailed({16, 100}, 4);
  for (const Scheme scheme : ranged)
    for (const RangeMethod range :
         {RangeMethod::Percentile, RangeMethod::MeanSquaredError, RangeMethod::Entropy}) {
      Quantize quantize{.scheme = scheme, .bits = 3, .granularity = Granularity::Channel};
      quantize.range = range;
      const CutWeight cut = cutWeight(weight, 0, 0.05, 0, quantize);
      for (std::size_t i = 0; i < 1600; ++i)
        if (std::fabs(weight.as<float>()[i]) < 0.05f) {
          ASSERT_EQ(cut.values.as<float>()[i], 0.0f);
        }
    }
}

TEST(Groups, SmallerGroupsErrLess) {
  Tensor weight = heavyTailed({16, 512}, 6);
  for (const Scheme scheme :
       {Scheme::Symmetric, Scheme::Affine, Scheme::MinMax, Scheme::NormalFloat, Scheme::Float8E4M3}) {
    double before = std::numeric_limits<double>::infinity();
    for (const int size : {0, 128, 64, 32}) {
      Quantize quantize{.scheme = scheme, .bits = 4};
      if (size > 0) quantize.granularity = Granularity::Group, quantize.groupSize = size;
      const double error = errorOf(weight, cutWeight(weight, 0, 0, 0, quantize));
      EXPECT_LT(error, before) << name(scheme) << size;
      before = error;
    }
  }
}

/// Every block is quantized as if it were a tensor of its own.
TEST(Groups, BlocksAreIndependent) {
  const Shape shapes[] = {{4, 3, 3, 3}, {27, 4}, {2, 6, 4, 4}, {1, 8, 20}};
  const int axes[] = {0, 1, 1, 1};
  for (std::size_t s = 0; s < 4; ++s) {
    const Tensor weight = test::normalWeight(shapes[s], 3);
    const Quantize quantize{
        .scheme = Scheme::Affine, .bits = 4, .granularity = Granularity::Group, .groupSize = 8};
    const CutWeight cut = cutWeight(weight, axes[s], 0, 0, quantize);
    const WeightMatrix m = weightMatrix(shapes[s], axes[s]);
    EXPECT_EQ(cut.encoding->scale.shape(), m.shapeOfBlocks(cut.encoding->blockSize));
    for (std::size_t o = 0; o < m.outputs; ++o)
      for (std::size_t first = 0; first < m.inputs; first += 8) {
        std::vector<float> block, made;
        for (std::size_t i = first; i < std::min(m.inputs, first + 8); ++i) {
          block.push_back(weight.as<float>()[m.indexOf(o, i)]);
          made.push_back(cut.values.as<float>()[m.indexOf(o, i)]);
        }
        const Tensor alone = Tensor::from<float>({static_cast<std::int64_t>(block.size())}, block);
        const CutWeight expected = cutWeight(alone, 0, 0, 0, {Scheme::Affine, 4, Granularity::Tensor});
        ASSERT_TRUE(std::ranges::equal(expected.values.as<float>(), made)) << s << " " << o << " " << first;
      }
  }
}

}  // namespace
}  // namespace lapidary::core
