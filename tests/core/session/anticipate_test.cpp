// SPDX-License-Identifier: GPL-3.0-or-later
// Measuring ahead: the same figures as when asked, nothing pushed out, a stop that keeps what was measured.
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

#include "core/data/dataset.h"
#include "core/io/common/format.h"
#include "core/session/memo.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

Recipe pruned(const Session& session, double sparsity) {
  return uniformRecipe(session.model(), {sparsity, false, {}});
}

void expectSame(const Interval& a, const Interval& b) {
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
}

void expectSame(const Quality& a, const Quality& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.samples, b.samples);
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.top1, b.top1);
  EXPECT_EQ(a.top5, b.top5);
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.agreement, b.agreement);
  EXPECT_EQ(a.originalTop1, b.originalTop1);
  EXPECT_EQ(a.change, b.change);
  expectSame(*a.top1Interval, *b.top1Interval);
  expectSame(*a.agreementInterval, *b.agreementInterval);
  expectSame(*a.changeInterval, *b.changeInterval);
}

void expectSame(const Footprint& a, const Footprint& b) {
  EXPECT_EQ(a.fileBefore, b.fileBefore);
  EXPECT_EQ(a.fileAfter, b.fileAfter);
  EXPECT_EQ(a.forms, b.forms);
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.zeros, b.zeros);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    EXPECT_EQ(a.layers[i].zeros, b.layers[i].zeros);
    EXPECT_EQ(a.layers[i].bits, b.layers[i].bits);
    EXPECT_EQ(a.layers[i].bytesAfter, b.layers[i].bytesAfter);
    EXPECT_EQ(a.layers[i].snrDb, b.layers[i].snrDb);
  }
}

std::vector<Outcome> outcomesOf(const Session& session, const Recipe& recipe) {
  std::vector<Outcome> seen;
  session.evaluate(recipe, {}, {}, [&](const Outcome& outcome) { seen.push_back(outcome); });
  return seen;
}

std::vector<std::size_t> lostBy(const Session& session, const Recipe& recipe) {
  std::vector<std::size_t> samples;
  for (const ChangedSample& changed : session.compare(recipe, {}).lost) samples.push_back(changed.sample);
  return samples;
}

TEST(Anticipate, AnswersAtOnceWithTheFiguresOfAFreshMeasurement) {
  const Session ahead = demoSession("lenet300"), fresh = demoSession("lenet300");
  const Recipe recipe = pruned(ahead, 0.93);
  ahead.anticipate(recipe, all, {});
  const auto remembered = outcomesOf(ahead, recipe), measured = outcomesOf(fresh, recipe);
  ASSERT_TRUE(remembered.front().quality) << "the first outcome has it";
  EXPECT_EQ(remembered.front().remembered, 2000u);
  EXPECT_EQ(measured.back().remembered, 0u);
  expectSame(*remembered.front().quality, *measured.back().quality);
  expectSame(*remembered.back().quality, *measured.back().quality);
  expectSame(remembered.back().footprint, measured.back().footprint);
  EXPECT_EQ(remembered.back().drift->rank.mean, measured.back().drift->rank.mean);
  EXPECT_TRUE(remembered.back().final && remembered.back().latency);
  EXPECT_EQ(lostBy(ahead, recipe), lostBy(fresh, recipe));
}

TEST(Anticipate, AFrontIsTheFirstFigureAndTheRestFollows) {
  const Session ahead = demoSession("lenet300"), fresh = demoSession("lenet300");
  const Recipe recipe = pruned(ahead, 0.93);
  ahead.anticipate(recipe, ahead.firstSamples(), {});
  const auto remembered = outcomesOf(ahead, recipe), measured = outcomesOf(fresh, recipe);
  EXPECT_EQ(remembered.front().remembered, 100u);
  ASSERT_FALSE(measured.front().quality);
  expectSame(*remembered.front().quality, *measured[1].quality);
  ASSERT_EQ(remembered[1].quality->samples, measured[2].quality->samples);
  expectSame(*remembered[1].quality, *measured[2].quality);
  expectSame(*remembered.back().quality, *measured.back().quality);
  EXPECT_EQ(lostBy(ahead, recipe), lostBy(fresh, recipe)) << "of all samples";
}

TEST(Anticipate, KeepsEveryActivation) {
  Session::Options options;
  options.memoryBytes = std::size_t{32} << 20;
  const Session session = demoSession("lenet300", options);
  session.evaluate(pruned(session, 0.5), qualityOnly, {});
  const auto before = session.cacheStatistics();
  for (int i = 1; i <= 8; ++i) session.anticipate(pruned(session, 0.5 + i * 0.01), all, {});
  const auto after = session.cacheStatistics();
  EXPECT_EQ(after.entries, before.entries);
  EXPECT_EQ(after.bytes, before.bytes);
  // The next edit below finds all that the present recipe computed above it.
  Recipe next = pruned(session, 0.5);
  next.set(session.model().layers.back().name, {{PruneMode::Sparsity, 0.7}, {}});
  session.evaluate(next, qualityOnly, {});
  EXPECT_GT(session.cacheStatistics().hits, after.hits);
}

TEST(Anticipate, AnAnswerFromMemoryLeavesTheActivationsOfItsFront) {
  const Session session = demoSession("lenet300");
  const Recipe recipe = pruned(session, 0.5);
  session.anticipate(recipe, all, {});
  const auto before = session.cacheStatistics();
  session.evaluate(recipe, qualityOnly, {});
  EXPECT_GT(session.cacheStatistics().entries, before.entries);
}

TEST(Anticipate, StopsAndKeepsWhatWasMeasured) {
  const Session session = demoSession("lenet300");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(session.anticipate(pruned(session, 0.6), all, {stop.get_token(), {}}), Cancelled);
  session.anticipate(pruned(session, 0.7), session.firstSamples(), {});
  EXPECT_THROW(session.anticipate(pruned(session, 0.7), all, {stop.get_token(), {}}), Cancelled);
  EXPECT_EQ(outcomesOf(session, pruned(session, 0.7)).front().remembered, 100u);
}

TEST(Anticipate, BesideARealMoveBothAreRight) {
  const Session session = demoSession("lenet300"), fresh = demoSession("lenet300");
  std::atomic<bool> begun = false;
  std::stop_source stop;
  std::jthread ahead([&] {
    try {
      for (int i = 1; i < 40; ++i) {
        session.anticipate(pruned(session, i * 0.02), all, {stop.get_token(), {}});
        begun = true;
      }
    } catch (const Cancelled&) {
    }
  });
  while (!begun) std::this_thread::yield();
  const Recipe recipe = pruned(session, 0.935);
  const Outcome beside = session.evaluate(recipe, qualityOnly, {});
  stop.request_stop();
  ahead.join();
  expectSame(*beside.quality, *fresh.evaluate(recipe, qualityOnly, {}).quality);
}

Measured measuredOf(std::size_t samples) {
  Measured measured;
  auto predictions = std::make_shared<Predictions>();
  predictions->samples.resize(samples);
  measured.predictions = predictions;
  measured.outcome.quality = Quality{};
  measured.outcome.quality->samples = samples;
  return measured;
}

TEST(OutcomeMemo, HoldsItsBudgetAndDropsPredictionsOfOlderRecipesFirst) {
  constexpr std::size_t budget = 300'000;
  OutcomeMemo memo(budget);
  for (int i = 0; i < 20; ++i) {
    memo.store(std::to_string(i), measuredOf(1000));
    memo.find("0");
    EXPECT_LE(memo.bytes(), budget);
  }
  EXPECT_TRUE(memo.find("19").predictions);
  EXPECT_TRUE(memo.find("0").predictions) << "used again and again";
  EXPECT_FALSE(memo.find("1").predictions);
  EXPECT_TRUE(memo.find("1").outcome.quality) << "figures outlast predictions";
}

TEST(OutcomeMemo, DropsTheLeastRecentlyUsedRecipe) {
  OutcomeMemo memo(20'000);
  for (int i = 0; i < 100; ++i) {
    memo.store(std::to_string(i), measuredOf(0));
    memo.find("0");
  }
  EXPECT_LE(memo.bytes(), 20'000u);
  EXPECT_TRUE(memo.find("0").outcome.quality);
  EXPECT_TRUE(memo.find("99").outcome.quality);
  EXPECT_FALSE(memo.find("1").outcome.quality);
}

TEST(OutcomeMemo, WhatIsStoredAgainCountsOnce) {
  OutcomeMemo memo(1'000'000);
  memo.store("a", measuredOf(100));
  const std::size_t once = memo.bytes();
  memo.store("a", measuredOf(100));
  EXPECT_EQ(memo.bytes(), once);
  OutcomeMemo none(0);
  none.store("a", measuredOf(100));
  EXPECT_EQ(none.bytes(), 0u);
}

}  // namespace
}  // namespace lapidary::core
