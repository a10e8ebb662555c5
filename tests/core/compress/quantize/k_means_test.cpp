// SPDX-License-Identifier: GPL-3.0-or-later
// Clustering against exhaustive dynamic programming in double, and against Lloyd from a linear start.
#include "core/compress/quantize/k_means.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace lapidary::core {
namespace {

std::vector<WeightedValue> heavyTailed(std::size_t n, unsigned seed, bool weighted) {
  std::mt19937 random(seed);
  std::student_t_distribution<float> draw(3);
  std::uniform_real_distribution<float> weight(0.5f, 4.0f);
  std::vector<WeightedValue> values(n);
  for (WeightedValue& v : values) v = {draw(random), weighted ? weight(random) : 1.0f};
  return values;
}

double errorOf(const std::vector<WeightedValue>& values, const std::vector<float>& centres) {
  double sum = 0;
  for (const WeightedValue& v : values) {
    double least = std::numeric_limits<double>::infinity();
    for (const float c : centres)
      least = std::min(least, std::pow(static_cast<double>(v.value) - static_cast<double>(c), 2));
    sum += static_cast<double>(v.weight) * least;
  }
  return sum;
}

/// Every partition of the sorted values, by the recurrence as it stands.
double leastError(std::vector<WeightedValue> values, std::size_t clusters) {
  std::ranges::sort(values, {}, &WeightedValue::value);
  const std::size_t n = values.size();
  const auto error = [&](std::size_t begin, std::size_t end) {
    double weight = 0, mean = 0, sum = 0;
    for (std::size_t i = begin; i < end; ++i)
      weight += values[i].weight, mean += double{values[i].weight} * values[i].value;
    for (std::size_t i = begin; i < end; ++i)
      sum += double{values[i].weight} * std::pow(values[i].value - mean / weight, 2);
    return sum;
  };
  std::vector<double> least(n + 1, std::numeric_limits<double>::infinity());
  least[0] = 0;
  for (std::size_t k = 0; k < clusters; ++k) {
    std::vector<double> next(n + 1, std::numeric_limits<double>::infinity());
    for (std::size_t end = 1; end <= n; ++end)
      for (std::size_t begin = 0; begin < end; ++begin)
        next[end] = std::min(next[end], least[begin] + error(begin, end));
    least = next;
  }
  return least[n];
}

double fromLinearStart(const std::vector<WeightedValue>& values, std::size_t clusters) {
  const auto [low, high] = std::ranges::minmax_element(values, {}, &WeightedValue::value);
  std::vector<double> centres;
  for (std::size_t k = 0; k < clusters; ++k)
    centres.push_back(low->value + (double{high->value} - low->value) * static_cast<double>(k) /
                                       static_cast<double>(clusters - 1));
  for (int step = 0; step < 200; ++step) {
    std::vector<double> sum(clusters), weight(clusters);
    for (const WeightedValue& v : values) {
      const auto nearest = static_cast<std::size_t>(
          std::ranges::min_element(centres, {}, [&](double c) { return std::fabs(c - double{v.value}); }) -
          centres.begin());
      sum[nearest] += double{v.weight} * v.value, weight[nearest] += v.weight;
    }
    for (std::size_t k = 0; k < clusters; ++k)
      if (weight[k] > 0) centres[k] = sum[k] / weight[k];
  }
  return errorOf(values, {centres.begin(), centres.end()});
}

TEST(KMeans, IsOptimalForFewNumbers) {
  for (const bool weighted : {false, true})
    for (const std::size_t clusters : {1u, 2u, 3u, 7u, 16u}) {
      const auto values = heavyTailed(70, 3, weighted);
      const auto centres = kMeansCentres(values, clusters);
      EXPECT_EQ(centres.size(), clusters);
      const double best = leastError(values, clusters);
      EXPECT_NEAR(errorOf(values, centres), best, 1e-5 * best) << clusters;
    }
}

TEST(KMeans, BeatsALinearStartOnManyNumbers) {
  for (const std::size_t clusters : {2u, 4u, 16u, 32u}) {
    const auto values = heavyTailed(20'000, 5, false);
    const double found = errorOf(values, kMeansCentres(values, clusters));
    EXPECT_LE(found, 1.0001 * fromLinearStart(values, clusters)) << clusters;
  }
}

TEST(KMeans, FewDistinctNumbersStandForThemselves) {
  std::vector<WeightedValue> values;
  for (int i = 0; i < 10'000; ++i) values.push_back({0.1f * static_cast<float>(i % 5) - 0.2f, 1.0f});
  EXPECT_THAT(kMeansCentres(values, 8),
              ::testing::ElementsAre(0.0f - 0.2f, 0.1f - 0.2f, 0.2f - 0.2f, 0.1f * 3.0f - 0.2f, 0.4f - 0.2f));
  EXPECT_THAT(kMeansCentres({{-3.5f, 1.0f}}, 16), ::testing::ElementsAre(-3.5f));
  EXPECT_THAT(kMeansCentres({}, 16), ::testing::IsEmpty());
  EXPECT_EQ(kMeansCentres(values, 3).size(), 3u);
}

TEST(KMeans, TheOrderOfTheNumbersDoesNotMatter) {
  auto values = heavyTailed(5'000, 7, true);
  const auto centres = kMeansCentres(values, 20);
  std::ranges::reverse(values);
  const auto again = kMeansCentres(values, 20);
  ASSERT_EQ(again.size(), centres.size());
  for (std::size_t k = 0; k < centres.size(); ++k) EXPECT_FLOAT_EQ(again[k], centres[k]);
  EXPECT_TRUE(std::ranges::is_sorted(centres));
}

}  // namespace
}  // namespace lapidary::core
