// SPDX-License-Identifier: GPL-3.0-or-later
// The race of a sensitivity scan, on cells whose drops are known.
#include "core/analyze/trials/sensitivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/analyze/statistics.h"
#include "core/analyze/trials/trial_meter.h"

namespace lapidary::core {
namespace {

constexpr std::size_t total = 1000;

/// Every tenth-of-a-percent of `lost` loses one in 1,000 samples, spread evenly.
Trial trialOf(std::size_t samples, double lost) {
  Trial trial;
  trial.samples = samples;
  trial.rightBefore = samples;
  trial.lost = static_cast<std::size_t>(std::floor(lost * static_cast<double>(samples) + 1e-9));
  trial.right = trial.agreed = samples - trial.lost;
  return trial;
}

struct Bench {
  std::vector<double> lost;
  std::vector<SensitivityCell> cells;
  std::size_t measured = 0;

  explicit Bench(std::vector<double> drops) : lost(std::move(drops)) {
    for (std::size_t i = 0; i < lost.size(); ++i) cells.push_back({i, 0, {}, {}, 100, {}, false, {}});
  }

  void run(const RacePolicy& policy, const Progress& progress = {}) {
    SensitivityMeter meter{QualityKind::Accuracy, total, [&](SensitivityCell& cell, std::size_t samples) {
                             measured += samples - cell.trial.samples;
                             cell.trial = trialOf(samples, lost[cell.row]);
                           }};
    race(cells, meter, policy, progress, {});
  }
};

TEST(Sensitivity, DropsArePairedWithLabelsAndSharesOfOthersWithout) {
  Trial trial;
  trial.samples = 200;
  trial.rightBefore = 180;
  trial.right = 170;
  trial.lost = 14;
  trial.gained = 4;
  trial.agreed = 175;
  const auto drop = dropOf(trial, QualityKind::Accuracy);
  ASSERT_TRUE(drop);
  EXPECT_DOUBLE_EQ(drop->value, 0.05);
  EXPECT_DOUBLE_EQ(drop->interval.high, -pairedInterval(4, 14, 200).low);
  EXPECT_DOUBLE_EQ(drop->interval.low, -pairedInterval(4, 14, 200).high);
  EXPECT_DOUBLE_EQ(dropOf(trial, QualityKind::Agreement)->value, 0.125);
  EXPECT_FALSE(dropOf(trial, QualityKind::Noise));
  EXPECT_FALSE(dropOf({}, QualityKind::Accuracy));
}

TEST(Sensitivity, CellsStopWhereTheyAreSharpEnough) {
  Bench bench({0, 0.4, 0.03});
  bench.run({});
  EXPECT_LT(bench.cells[0].trial.samples, total);  // nothing lost: half a point is soon known
  EXPECT_EQ(bench.cells[1].trial.samples, 100u);   // far more lost than its interval is wide
  EXPECT_EQ(bench.cells[2].trial.samples, total);  // neither
  for (const auto& cell : bench.cells) EXPECT_TRUE(cell.sharp);
  const auto& drop = *bench.cells[0].drop;
  EXPECT_LE((drop.interval.high - drop.interval.low) / 2, 0.005);
}

TEST(Sensitivity, AThresholdDecides) {
  RacePolicy policy;
  policy.threshold = 0.02;
  Bench bench({0, 0.1, 0.02});
  bench.run(policy);
  EXPECT_LT(bench.cells[0].trial.samples, 300u);
  EXPECT_EQ(bench.cells[1].trial.samples, 100u);
  EXPECT_EQ(bench.cells[2].trial.samples, total);
}

TEST(Sensitivity, EverythingIsEverySampleAtOnce) {
  RacePolicy policy;
  policy.everything = true;
  Bench bench({0, 0.4});
  bench.run(policy);
  EXPECT_EQ(bench.measured, 2 * total);
  EXPECT_EQ(looksOf(policy, total), std::vector<std::size_t>{total});
}

TEST(Sensitivity, LooksGrowAndEndAtAllSamples) {
  const auto looks = looksOf({}, total);
  EXPECT_THAT(looks, ::testing::ElementsAre(100, 200, 300, 450, 675, 1000));
  EXPECT_THAT(looksOf({}, 30), ::testing::ElementsAre(30));
}

TEST(Sensitivity, ACellThatFailsSaysWhyAndTheOthersGoOn) {
  std::vector<SensitivityCell> cells(2);
  cells[1].row = 1;
  const SensitivityMeter meter{QualityKind::Accuracy, total, [](SensitivityCell& cell, std::size_t samples) {
                                 if (cell.row == 0) throw Error(ErrorKind::Unsupported, "not this layer");
                                 cell.trial = trialOf(samples, 0.5);
                               }};
  race(cells, meter, {}, {}, {});
  EXPECT_EQ(cells[0].failure, "not this layer");
  EXPECT_FALSE(cells[0].drop);
  EXPECT_TRUE(cells[1].drop);
}

TEST(Sensitivity, AStopKeepsWhatWasMeasured) {
  Bench bench({0.4, 0.4, 0.4});
  std::stop_source source;
  std::size_t steps = 0;
  const Progress progress{source.get_token(), [&](std::size_t, std::size_t) {
                            if (++steps == 2) source.request_stop();
                          }};
  EXPECT_THROW(bench.run({}, progress), Cancelled);
  EXPECT_EQ(std::ranges::count_if(bench.cells, [](const auto& cell) { return cell.drop.has_value(); }), 2);
}

TEST(Sensitivity, WhatSavesMuchForLittleComesFirst) {
  std::vector<SensitivityCell> cells(3);
  cells[0].bytesSaved = 100;
  cells[0].drop = Drop{0.1, {}};
  cells[1].bytesSaved = 100;
  cells[1].drop = Drop{0.01, {}};
  cells[2].bytesSaved = -5;
  EXPECT_THAT(promisingFirst(cells), ::testing::ElementsAre(1, 0, 2));
}

TEST(Sensitivity, DivergenceIsThatOfTheSoftmaxes) {
  ClassScores p{0, 1, 3, 3, {1.f, 2.f, 0.5f}, false}, q{0, 1, 3, 3, {0.f, 2.f, 1.f}, false};
  double expected = 0;
  for (int i = 0; i < 3; ++i)
    expected += p.probability(0, i) * (std::log(p.probability(0, i)) - std::log(q.probability(0, i)));
  EXPECT_NEAR(divergenceOf(logProbabilities(p, 0), logProbabilities(q, 0)), expected, 1e-6);
  EXPECT_EQ(divergenceOf(logProbabilities(p, 0), logProbabilities(p, 0)), 0);
}

TEST(Sensitivity, RegretIsWhatTheOriginalGivesUp) {
  const std::vector<float> p{std::log(0.5f), std::log(0.3f), std::log(0.2f)};
  EXPECT_NEAR(regretOf(p, 0, 2), 0.3, 1e-6);
  EXPECT_NEAR(regretOf(p, 0, 1), 0.2, 1e-6);
  EXPECT_EQ(regretOf(p, 0, 0), 0);
}

TEST(Sensitivity, HighRegretNearsTheMeanWithMoreSamples) {
  Trial trial;
  EXPECT_FALSE(trial.highRegret());
  trial.diverged = 100;
  trial.regret = 4;  // ten samples of 0.4
  trial.regretSquares = 1.6;
  EXPECT_NEAR(*trial.highRegret(), 0.04 + 1.645 * std::sqrt((0.016 - 0.0016) / 100), 1e-12);
  trial.diverged = 10'000;
  trial.regret = 400;
  trial.regretSquares = 160;
  EXPECT_NEAR(*trial.highRegret(), 0.04 + 1.645 * std::sqrt((0.016 - 0.0016) / 10'000), 1e-12);
}

}  // namespace
}  // namespace lapidary::core
