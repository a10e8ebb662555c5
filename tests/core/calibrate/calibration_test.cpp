// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms of constant size, the four ranges beside naive judges, and how ranges converge.
#include "core/calibrate/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lapidary::core {
namespace {

std::vector<float> normals(std::size_t count, unsigned seed, float deviation = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

RangeHistogram histogramOf(std::span<const float> values) {
  RangeHistogram histogram;
  histogram.add(values);
  return histogram;
}

TEST(RangeHistogram, CountsAsANaiveLoopDoes) {
  const auto values = normals(20000, 1);
  const RangeHistogram histogram = histogramOf(values);
  std::vector<std::uint64_t> naive(histogram.bins().size());
  for (const float value : values)
    ++naive[static_cast<std::size_t>(std::floor(static_cast<double>(value) / histogram.width()) + 4096)];
  EXPECT_EQ(histogram.bins(), naive);
  EXPECT_EQ(histogram.low(), *std::ranges::min_element(values));
  EXPECT_EQ(histogram.high(), *std::ranges::max_element(values));
}

TEST(RangeHistogram, OrderAndSplittingChangeNothing) {
  auto values = normals(5000, 2);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] *= std::ldexp(1.0f, static_cast<int>(i / 500) - 5);
  const RangeHistogram whole = histogramOf(values);
  RangeHistogram pieces;
  for (std::size_t at = values.size(); at > 0; at -= 250) {
    const RangeHistogram piece = histogramOf(std::span(values).subspan(at - 250, 250));
    pieces.merge(piece);
  }
  EXPECT_EQ(pieces.bins(), whole.bins());
  EXPECT_EQ(pieces.count(), whole.count());
  EXPECT_EQ(pieces.low(), whole.low());
  EXPECT_EQ(pieces.high(), whole.high());
}

TEST(RangeHistogram, MemoryDoesNotGrow) {
  RangeHistogram histogram;
  const std::size_t bins = histogram.bins().capacity();
  for (unsigned seed = 0; seed < 50; ++seed)
    histogram.add(normals(1000, seed, std::ldexp(1.0f, static_cast<int>(seed) - 20)));
  EXPECT_EQ(histogram.bins().capacity(), bins);
  EXPECT_EQ(histogram.count(), 50000u);
}

TEST(RangeHistogram, ZerosExtremesAndValuesThatAreNotFinite) {
  RangeHistogram histogram;
  const float values[] = {0, -0.0f, INFINITY, NAN, -INFINITY, 3e38f, -3e38f, 1e-42f};
  histogram.add(values);
  EXPECT_EQ(histogram.count(), 5u);
  EXPECT_EQ(histogram.notFinite(), 3u);
  EXPECT_EQ(histogram.bins()[4096], 3u);
  EXPECT_EQ(rangeOf(RangeHistogram(), RangeMethod::Entropy), ActivationRange{});
}

TEST(RangeMethods, PercentileLeavesOutTheTail) {
  auto values = normals(100000, 3);
  for (float& value : values) value = std::abs(value);
  std::ranges::sort(values);
  const ActivationRange range = rangeOf(histogramOf(values), RangeMethod::Percentile);
  EXPECT_NEAR(range.high, values[values.size() - 11], 2 * histogramOf(values).width());
  EXPECT_EQ(range.low, values.front());
  const auto outside = std::ranges::count_if(values, [&](float v) { return v > range.high; });
  EXPECT_LE(outside, 10);
}

/// Quantizes every value itself, not the histogram.
double meanSquare(const std::vector<float>& values, const ActivationRange& range) {
  const ActivationCodes codes = codesFor(range);
  double sum = 0;
  for (const float value : values) {
    const double code =
        std::clamp(std::nearbyint(value / static_cast<double>(codes.scale)) + codes.zeroPoint, 0.0, 255.0);
    const double error = (code - codes.zeroPoint) * codes.scale - value;
    sum += error * error;
  }
  return sum / static_cast<double>(values.size());
}

TEST(RangeMethods, LeastSquaresIsNearTheBestOfANaiveScan) {
  auto values = normals(200000, 4);
  values.push_back(20);
  const RangeHistogram histogram = histogramOf(values);
  double best = INFINITY;
  for (int i = 1; i <= 100; ++i)
    best = std::min(best, meanSquare(values, {histogram.low() * i / 100, histogram.high() * i / 100}));
  const double found = meanSquare(values, rangeOf(histogram, RangeMethod::MeanSquaredError));
  EXPECT_LT(found, 1.1 * best);
  EXPECT_LT(found, 0.9 * meanSquare(values, rangeOf(histogram, RangeMethod::MinMax)));
}

TEST(RangeMethods, EntropyClipsALoneOutlierAndKeepsAFlatRange) {
  auto values = normals(200000, 5);
  values.push_back(30);
  for (float& value : values) value = std::abs(value);
  EXPECT_LT(rangeOf(histogramOf(values), RangeMethod::Entropy).high, 15);
  std::mt19937 random(6);
  std::uniform_real_distribution<float> uniform(0, 1);
  for (float& value : values) value = uniform(random);
  EXPECT_GT(rangeOf(histogramOf(values), RangeMethod::Entropy).high, 0.9);
}

TEST(RangeMethods, EntropyIsNotLedAstrayByTheZerosBehindARelu) {
  auto values = normals(200000, 7);
  for (float& value : values) value = std::max(value, 0.0f);
  const RangeHistogram histogram = histogramOf(values);
  const double best = meanSquare(values, rangeOf(histogram, RangeMethod::MeanSquaredError));
  EXPECT_LT(meanSquare(values, rangeOf(histogram, RangeMethod::Entropy)), 10 * best);
}

LayerCalibration historyOf(std::initializer_list<double> highs) {
  LayerCalibration layer;
  std::size_t samples = 0;
  for (const double high : highs) {
    CalibrationPoint point;
    point.samples = samples += 16;
    point.ranges.fill({0, high});
    layer.history.push_back(point);
  }
  return layer;
}

TEST(Convergence, SaysFromWhichSampleOnTheRangeStoodStill) {
  const Convergence early = historyOf({1, 2, 2.005, 2.006, 2.006, 2.006}).convergence(RangeMethod::MinMax);
  EXPECT_EQ(early.settledAfter, 32u);
  EXPECT_FALSE(early.moreHelps);
  const Convergence late = historyOf({1, 1, 1, 1, 2, 2}).convergence(RangeMethod::Entropy);
  EXPECT_EQ(late.settledAfter, 80u);
  EXPECT_TRUE(late.moreHelps);
  const Convergence never = historyOf({1, 2, 3, 4}).convergence(RangeMethod::MinMax);
  EXPECT_EQ(never.settledAfter, 0u);
  EXPECT_NEAR(never.lastMove, 0.25, 1e-12);
  EXPECT_TRUE(never.moreHelps);
}

}  // namespace
}  // namespace lapidary::core
