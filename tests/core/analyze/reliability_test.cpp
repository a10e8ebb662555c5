// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration errors and tables of classes against counting by hand.
#include "core/analyze/reliability.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/analyze/changes/class_changes.h"
#include "core/analyze/changes/trust_json.h"
#include "core/analyze/statistics.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

TEST(Reliability, ByHand) {
  // Two bins: (0.6, 0.667] holds two answers of which one is right, (0.933, 1] three of which all are.
  const std::vector<RatedAnswer> answers{
      {0.62, true}, {0.64, false}, {0.95, true}, {1.0, true}, {0.99, true}};
  const Reliability found = reliabilityOf(answers);
  ASSERT_EQ(found.bins.size(), 15u);
  EXPECT_EQ(found.bins[9].samples, 2u);
  EXPECT_NEAR(found.bins[9].confidence, 0.63, 1e-12);
  EXPECT_EQ(found.bins[9].accuracy, 0.5);
  EXPECT_EQ(found.bins[14].samples, 3u);
  EXPECT_NEAR(found.ece, (std::abs(1 - 1.26) + std::abs(3 - 2.94)) / 5, 1e-12);
  EXPECT_NEAR(found.confidence, 4.2 / 5, 1e-12);
  EXPECT_EQ(found.accuracy, 0.8);
  EXPECT_LE(found.eceInterval.low, found.ece);
  EXPECT_GE(found.eceInterval.high, found.ece);
  EXPECT_EQ(reliabilityOf(std::span<const RatedAnswer>{}).ece, 0);
}

/// The definitions, answer by answer.
double naiveEce(const std::vector<RatedAnswer>& answers) {
  double error = 0;
  for (int bin = 0; bin < 15; ++bin) {
    double confidence = 0, right = 0, count = 0;
    for (const RatedAnswer& answer : answers) {
      const bool here = answer.probability > bin / 15.0 && answer.probability <= (bin + 1) / 15.0;
      if (!here) continue;
      ++count, confidence += answer.probability, right += answer.right;
    }
    if (count > 0)
      error += count / static_cast<double>(answers.size()) * std::abs(right / count - confidence / count);
  }
  return error;
}

std::vector<RatedAnswer> drawn(std::size_t count, std::uint64_t seed, double overconfidence) {
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return static_cast<double>(random() % 1000003) / 1000003; };
  std::vector<RatedAnswer> answers;
  for (std::size_t i = 0; i < count; ++i) {
    const double p = 0.3 + 0.699 * uniform();
    answers.push_back({p, uniform() < p - overconfidence});
  }
  return answers;
}

TEST(Reliability, EqualsTheDefinition) {
  for (const double over : {0.0, 0.1, 0.25}) {
    const auto answers = drawn(1500, 3, over);
    EXPECT_NEAR(calibrationError(answers), naiveEce(answers), 1e-12);
    EXPECT_NEAR(reliabilityOf(answers).ece, naiveEce(answers), 1e-12);
    EXPECT_NEAR(adaptiveCalibrationError(answers), calibrationError(answers), 0.02);
  }
}

TEST(Reliability, TheIntervalHoldsTheTrueError) {
  int held = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Interval interval = reliabilityOf(drawn(1000, seed, 0.12)).eceInterval;
    held += interval.low <= 0.12 && 0.12 <= interval.high;
  }
  EXPECT_GE(held, 35);  // of 40, where 38 are expected
}

TEST(Statistics, IntervalOfAMean) {
  const std::vector<double> values{0.1, 0.4, 0.2, 0.5, 0.3};
  const Interval found = meanInterval(values, -1, 1);
  const double half = 2.776445 * std::sqrt(0.025 / 5);  // t of 4 degrees of freedom
  EXPECT_NEAR(found.low, 0.3 - half, 1e-3);
  EXPECT_NEAR(found.high, 0.3 + half, 1e-3);
  const std::vector<double> ones(7, 1.0);
  EXPECT_EQ(meanInterval(ones, -1, 1).low, 1);
  EXPECT_EQ(meanInterval(std::vector<double>{0.4}, -1, 1).low, -1);
}

TEST(ClassChanges, ByHandAndMostLostFirst) {
  Comparison comparison;
  comparison.classes = 3;
  comparison.samples = 9;
  //                     truth 0: 4       truth 1: 5      truth 2: none
  comparison.originalConfusion = {4, 0, 0, /**/ 1, 4, 0, /**/ 0, 0, 0};
  comparison.confusion = {3, 1, 0, /**/ 2, 2, 1, /**/ 0, 0, 0};
  comparison.lost = {{0, 0, {}, {}}, {5, 1, {}, {}}, {6, 1, {}, {}}, {7, 1, {}, {}}};
  comparison.gained = {{8, 1, {}, {}}};
  const auto rows = classChanges(comparison);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].cls, 1);
  EXPECT_EQ(rows[0].samples, 5u);
  EXPECT_EQ(rows[0].lost, 3u);
  EXPECT_EQ(rows[0].gained, 1u);
  EXPECT_DOUBLE_EQ(rows[0].before, 0.8);
  EXPECT_DOUBLE_EQ(rows[0].after, 0.4);
  EXPECT_DOUBLE_EQ(rows[0].change, -0.4);
  EXPECT_EQ(rows[0].changeInterval.low, pairedInterval(1, 3, 5).low);
  EXPECT_EQ(rows[0].afterInterval.high, wilsonInterval(2, 5).high);
  EXPECT_EQ(rows[1].cls, 0);
  EXPECT_EQ(rows[1].lost, 1u);
}

TEST(TrustJson, DriftComesBackToTheLastBit) {
  SaliencyDrift drift{{"grad-cam", 30, 0.05}, 28, {1.0 / 3, {0.1, 0.7}}, {0.9, {0.8, 1}}, {0.25, {0.2, 0.3}}};
  const SaliencyDrift back = driftFromJson(toJson(drift));
  EXPECT_EQ(back.options, drift.options);
  EXPECT_EQ(back.samples, 28u);
  EXPECT_EQ(back.rank.mean, 1.0 / 3);
  EXPECT_EQ(back.top.interval.high, 0.3);
  EXPECT_THROW(driftFromJson("{}"), Error);
  EXPECT_THROW(driftFromJson("[]"), Error);
  EXPECT_THROW(driftFromJson(R"({"method": 3})"), Error);
  EXPECT_THROW(driftMeasureFrom("beauty"), Error);
}

}  // namespace
}  // namespace lapidary::core
