// SPDX-License-Identifier: GPL-3.0-or-later
// Order statistics against plain loops.
#include "core/compress/prune/weight_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

TEST(WeightStatistics, AgreesWithPlainLoops) {
  std::vector<float> values;
  const Tensor normal = test::normalWeight({1000}, 1);
  for (const float v : normal.as<float>()) values.push_back(v);
  values.insert(values.end(), {0.0f, -0.0f, 0.05f, -0.05f, 0.05f, 1e-42f, -3e38f});
  const WeightStatistics statistics(Tensor::from<float>({static_cast<std::int64_t>(values.size())}, values));
  std::vector<float> sorted;
  double sum = 0, l1 = 0;
  for (const float v : values) sorted.push_back(std::fabs(v)), sum += v, l1 += std::fabs(v);
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(statistics.count(), 1007);
  EXPECT_EQ(statistics.zeros(), 2);
  EXPECT_DOUBLE_EQ(statistics.mean(), sum / 1007);
  EXPECT_NEAR(statistics.l1() / l1, 1, 1e-12);
  EXPECT_EQ(statistics.minimum(), static_cast<double>(-3e38f));
  EXPECT_EQ(statistics.largestMagnitude(), static_cast<double>(3e38f));
  for (std::size_t k = 0; k < sorted.size(); ++k)
    ASSERT_EQ(statistics.magnitudeOfRank(static_cast<std::int64_t>(k)), static_cast<double>(sorted[k])) << k;
  EXPECT_EQ(statistics.magnitudeOfRank(-5), 0);
  EXPECT_EQ(statistics.magnitudeOfRank(5000), static_cast<double>(3e38f));
}

TEST(WeightStatistics, CountsAndSumsBelowEveryThreshold) {
  const Tensor weight = test::normalWeight({7, 100}, 2);
  const WeightStatistics statistics(weight);
  for (const double threshold :
       {0.0, 1e-9, 0.01, 0.05, 0.1, 0.2, 0.5, 9.0, static_cast<double>(std::fabs(weight.as<float>()[3]))}) {
    std::int64_t below = 0;
    double kept = 0;
    for (const float w : weight.as<float>())
      (std::fabs(w) < threshold) ? void(++below) : void(kept += std::fabs(w));
    EXPECT_EQ(statistics.countBelow(threshold), below) << threshold;
    EXPECT_NEAR(statistics.l1Kept(threshold), kept, 1e-9) << threshold;
  }
}

TEST(WeightStatistics, DeviationDoesNotCancel) {
  const WeightStatistics statistics(Tensor::from<float>({4}, {10000.0f, 10001.0f, 10002.0f, 10003.0f}));
  EXPECT_NEAR(statistics.deviation(), std::sqrt(1.25), 1e-9);
}

TEST(WeightStatistics, NotANumberRanksLast) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const WeightStatistics statistics(Tensor::from<float>({5}, {nan, 1.0f, -inf, -2.0f, -nan}));
  EXPECT_EQ(statistics.finite(), 2);
  EXPECT_EQ(statistics.countBelow(1e300), 2);
  EXPECT_EQ(statistics.minimum(), -2);
  EXPECT_EQ(statistics.maximum(), 1);
  EXPECT_EQ(statistics.mean(), -0.5);
}

TEST(WeightStatistics, EmptyAndConstantWeights) {
  const WeightStatistics none(Tensor::from<float>({0}, {}));
  EXPECT_EQ(none.count(), 0);
  EXPECT_EQ(none.l1(), 0);
  EXPECT_EQ(none.magnitudeOfRank(0), 0);
  const WeightStatistics constant(Tensor::from<float>({3}, {2.0f, 2.0f, 2.0f}));
  EXPECT_EQ(constant.deviation(), 0);
  EXPECT_EQ(constant.histogram(2, 2, 4), (std::vector<std::int64_t>{0, 0, 0, 0}));
}

TEST(WeightStatistics, HistogramHoldsBothEnds) {
  const WeightStatistics statistics(Tensor::from<float>({6}, {-1.0f, -0.5f, 0.0f, 0.5f, 1.0f, 7.0f}));
  EXPECT_EQ(statistics.histogram(-1, 1, 4), (std::vector<std::int64_t>{1, 1, 1, 2}));
}

}  // namespace
}  // namespace lapidary::core
