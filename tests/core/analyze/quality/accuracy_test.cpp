// SPDX-License-Identifier: GPL-3.0-or-later
// Qualities and comparisons of made-up predictions, and of the demo for any number of workers.
#include "core/analyze/quality/accuracy.h"

#include <gtest/gtest.h>

#include <set>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/changes/comparison.h"
#include "core/analyze/quality/output_meter.h"
#include "core/analyze/statistics.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/support/demo_files.h"

namespace lapidary::core {
namespace {

Preprocess grayShares() {
  Preprocess preprocess;
  preprocess.channels = PixelChannels::Gray;
  preprocess.scale = 1.0 / 255;
  return preprocess;
}

struct Demo {
  Model model = readModel(demo + "lenet5.onnx");
  Dataset data{openData(demo + "digits_test.npz"), grayShares(), model};
};

/// Predictions that are right, except at these indices, where class + 1 is answered.
Predictions rightExcept(const Dataset& data, std::size_t count, const std::set<std::size_t>& wrong) {
  Predictions predictions{10, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t label = data.source().label(data.order()[i]);
    predictions.samples.push_back({wrong.contains(i) ? (label + 1) % 10 : label, 0.5, 0.25, 0.5, i % 2 == 0});
  }
  return predictions;
}

TEST(Accuracy, CountsOnTheSameSamples) {
  const Demo demonstration;
  const Dataset& data = demonstration.data;
  const Predictions before = rightExcept(data, 200, {1, 2}), now = rightExcept(data, 100, {2, 3, 4});
  const Quality quality = qualityOf(data, before, now);
  EXPECT_EQ(quality.kind, QualityKind::Accuracy);
  EXPECT_EQ(quality.samples, 100u);
  EXPECT_EQ(quality.total, 2000u);
  EXPECT_DOUBLE_EQ(*quality.top1, 0.97);
  EXPECT_DOUBLE_EQ(*quality.originalTop1, 0.98);
  EXPECT_NEAR(*quality.change, -0.01, 1e-12);
  EXPECT_DOUBLE_EQ(*quality.agreement, 0.97);
  EXPECT_DOUBLE_EQ(*quality.top5, 0.5);
  EXPECT_DOUBLE_EQ(*quality.loss, 0.5);
  EXPECT_EQ(quality.changeInterval->low, pairedInterval(1, 2, 100).low);
  EXPECT_EQ(quality.top1Interval->high, wilsonInterval(97, 100).high);
}

TEST(Comparison, SortsSamplesByWhatChanged) {
  const Demo demonstration;
  const Dataset& data = demonstration.data;
  Predictions before = rightExcept(data, 50, {1, 2}), now = rightExcept(data, 50, {2, 3, 4});
  now.samples[2].top1 = (now.samples[2].top1 + 1) % 10;
  const Comparison comparison = comparisonOf(data, before, now);
  ASSERT_EQ(comparison.lost.size(), 2u);
  EXPECT_EQ(comparison.lost[0].sample, data.order()[3]);
  ASSERT_EQ(comparison.gained.size(), 1u);
  EXPECT_EQ(comparison.gained[0].sample, data.order()[1]);
  ASSERT_EQ(comparison.changed.size(), 1u);
  std::int64_t diagonal = 0, all = 0;
  for (std::size_t i = 0; i < 100; ++i)
    all += comparison.confusion[i], diagonal += i % 11 == 0 ? comparison.confusion[i] : 0;
  EXPECT_EQ(all, 50);
  EXPECT_EQ(diagonal, 47);
}

TEST(Predictor, SameBitsForAnyNumberOfWorkersAndSteps) {
  const Demo demonstration;
  const Executor executor(demonstration.model, {});
  Predictions one, three;
  const Predictor serial(demonstration.model, executor, demonstration.data, 1, Remembering{});
  const Predictor parallel(demonstration.model, executor, demonstration.data, 3, Remembering{});
  serial.extend(demonstration.model, 310, one, {});
  parallel.extend(demonstration.model, 100, three, {});
  parallel.extend(demonstration.model, 310, three, {});
  ASSERT_EQ(one.samples.size(), 320u);  // whole chunks
  ASSERT_EQ(three.samples.size(), one.samples.size());
  for (std::size_t i = 0; i < one.samples.size(); ++i) {
    EXPECT_EQ(one.samples[i].top1, three.samples[i].top1);
    EXPECT_EQ(one.samples[i].loss, three.samples[i].loss);
    EXPECT_EQ(one.samples[i].probability, three.samples[i].probability);
  }
}

TEST(Predictor, RemembersTheLastStepsOfAllChunksWhereNotAllFit) {
  const Demo demonstration;
  const auto cache = std::make_shared<ActivationCache>(std::size_t{16} << 20);  // of 24 MB for 320 samples
  const Executor executor(demonstration.model, {true, cache});
  const Predictor predictor(demonstration.model, executor, demonstration.data, 2, Remembering{true, 40});
  for (int i = 0; i < 2; ++i) {
    Predictions predictions;
    predictor.extend(demonstration.model, 320, predictions, {});
  }
  const CacheStatistics before = cache->statistics();
  Predictions predictions;
  predictor.extend(demonstration.model, 320, predictions, {});
  EXPECT_EQ(cache->statistics().hits - before.hits, 16u);  // the answers of every chunk
  EXPECT_LE(cache->statistics().bytes, cache->statistics().budget);
}

TEST(Predictor, ACandidateUsesWhatIsRememberedAndAddsNothing) {
  const Demo demonstration;
  const auto cache = std::make_shared<ActivationCache>(std::size_t{256} << 20);
  const Executor executor(demonstration.model, {true, cache});
  const auto predict = [&](Remembering remembering) {
    const Predictor predictor(demonstration.model, executor, demonstration.data, 2, remembering);
    Predictions predictions;
    predictor.extend(demonstration.model, 320, predictions, {});
  };
  predict(Remembering{true, 40, 20, Keep::Nothing});
  EXPECT_EQ(cache->statistics().entries, 0u);
  predict(Remembering{true, 40, 20, Keep::Everything});
  const CacheStatistics before = cache->statistics();
  EXPECT_GT(before.entries, 0u);
  predict(Remembering{true, 40, 20, Keep::Nothing});
  EXPECT_EQ(cache->statistics().entries, before.entries);
  EXPECT_EQ(cache->statistics().hits - before.hits, 16u);
}

TEST(Predictor, ACutBeyondTheFrontIsRememberedOnceItIsMetAgain) {
  const Demo demonstration;
  const auto cache = std::make_shared<ActivationCache>(std::size_t{256} << 20);
  const Executor executor(demonstration.model, {true, cache});
  const Predictor predictor(demonstration.model, executor, demonstration.data, 2,
                            Remembering{true, 40, 20, Keep::Recurring});
  const auto statisticsAfterAll = [&] {
    Predictions predictions;
    predictor.extend(demonstration.model, 320, predictions, {});
    return cache->statistics();
  };
  const CacheStatistics first = statisticsAfterAll(), second = statisticsAfterAll();
  EXPECT_EQ(second.hits - first.hits, 2u) << "the answers of the front";
  EXPECT_EQ(second.entries, 8 * first.entries) << "2 of 16 chunks are the front";
  EXPECT_EQ(statisticsAfterAll().hits - second.hits, 16u);
}

TEST(Predictor, AStopLeavesAWholePrefix) {
  const Demo demonstration;
  const Executor executor(demonstration.model, {});
  const Predictor predictor(demonstration.model, executor, demonstration.data, 2, Remembering{});
  std::stop_source stop;
  Progress progress{stop.get_token(), [&](std::size_t done, std::size_t) {
                      if (done >= 200) stop.request_stop();
                    }};
  Predictions predictions;
  EXPECT_THROW(predictor.extend(demonstration.model, 2000, predictions, progress), Cancelled);
  EXPECT_GE(predictions.samples.size(), 200u);
  EXPECT_LT(predictions.samples.size(), 500u);
}

}  // namespace
}  // namespace lapidary::core
