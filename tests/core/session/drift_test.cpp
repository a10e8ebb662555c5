// SPDX-License-Identifier: GPL-3.0-or-later
// Drift and reliability as outcomes carry them.
#include <gmock/gmock.h>

#include <filesystem>

#include "core/analyze/changes/comparison.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

const Session::EvaluateOptions withDrift{.measure = {measurement::saliency}};

Session sessionOn(const std::string& modelPath, const std::string& dataPath, DriftOptions drift,
                  unsigned workers) {
  Model model = readModel(modelPath);
  const auto source = openData(dataPath);
  auto data = std::make_shared<const Dataset>(source, choosePreprocess(model, *source).preprocess, model);
  Session::Options options;
  options.workers = workers;
  options.drift = std::move(drift);
  return Session(std::move(model), std::move(data), options);
}

Session driftingDemo(DriftOptions drift = {}, unsigned workers = 2) {
  return sessionOn(demo + "lenet5.onnx", demo + "digits_test.npz", std::move(drift), workers);
}

Recipe bits(const Session& session, int count) {
  return uniformRecipe(session.model(), {0, false, {Scheme::Symmetric, count, Granularity::Channel, 0}});
}

TEST(SessionDrift, OfTheUncutModelIsExactlyOne) {
  const Outcome outcome = driftingDemo().evaluate({}, withDrift, {});
  ASSERT_TRUE(outcome.drift);
  for (const auto measure : {DriftMeasure::RankCorrelation, DriftMeasure::Ssim, DriftMeasure::TopOverlap}) {
    EXPECT_EQ(outcome.drift->of(measure).mean, 1);
    EXPECT_EQ(outcome.drift->of(measure).interval.low, 1);
  }
  ASSERT_TRUE(outcome.reliability && outcome.originalReliability);
  EXPECT_EQ(outcome.reliability->ece, outcome.originalReliability->ece);
  EXPECT_EQ(outcome.reliability->accuracy, *outcome.quality->top1);
}

TEST(SessionDrift, GrowsAsBitsGoAndThreadsDoNotMatter) {
  const DriftOptions few{"gradient", 16, 0.1};
  const Session session = driftingDemo(few);
  double before = 1.0001;
  for (const int count : {6, 2}) {
    const double kept = session.evaluate(bits(session, count), withDrift, {}).drift->rank.mean;
    EXPECT_LT(kept, before) << count;
    before = kept;
  }
  const Outcome one = driftingDemo(few, 1).evaluate(bits(session, 2), withDrift, {});
  const Outcome two = session.evaluate(bits(session, 2), withDrift, {});
  EXPECT_EQ(one.drift->rank.mean, two.drift->rank.mean);
  EXPECT_EQ(one.drift->ssim.interval.low, two.drift->ssim.interval.low);
  EXPECT_EQ(one.reliability->eceInterval.high, two.reliability->eceInterval.high);
}

TEST(SessionDrift, MethodSamplesAndShareAreChosen) {
  const Session session = driftingDemo({"gradient-input", 10, 0.25});
  const Outcome outcome = session.evaluate(bits(session, 4), withDrift, {});
  EXPECT_EQ(outcome.drift->samples, 10u);
  EXPECT_EQ(outcome.drift->options.method, "gradient-input");
  const Session none = driftingDemo({"gradient", 0, 0.1});
  EXPECT_FALSE(none.evaluate(bits(none, 4), withDrift, {}).drift);
  const Session wrong = driftingDemo({"fish", 4, 0.1});
  EXPECT_THROW(wrong.evaluate({}, withDrift, {}), Error);
}

TEST(SessionDrift, ReliabilityIsThatOfTheComparison) {
  const Session session = driftingDemo();
  const Recipe recipe = bits(session, 2);
  const Outcome outcome = session.evaluate(recipe, {.measure = {}}, {});
  const Comparison comparison = session.compare(recipe, {});
  ASSERT_TRUE(outcome.reliability && comparison.reliability);
  EXPECT_EQ(outcome.reliability->ece, comparison.reliability->ece);
  EXPECT_EQ(outcome.originalReliability->ece, comparison.originalReliability->ece);
  EXPECT_FALSE(outcome.drift);
  EXPECT_GT(outcome.reliability->ece, outcome.originalReliability->ece);
}

TEST(SessionDrift, OfTextsAndSoundsToo) {
  if (!std::filesystem::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  for (const auto& [model, data] :
       {std::pair{"/sms/sms_bert.onnx", "/sms/sms_test.npz"},
        std::pair{"/digits-audio/fsdd_cnn.onnx", "/digits-audio/fsdd_test.npz"}}) {
    const Session session = sessionOn(assets + model, assets + data, {"gradient", 4, 0.1}, 2);
    const Outcome outcome = session.evaluate(bits(session, 3), withDrift, {});
    ASSERT_TRUE(outcome.drift) << model;
    EXPECT_EQ(outcome.drift->samples, 4u) << model;
    EXPECT_LT(outcome.drift->rank.mean, 1) << model;
    EXPECT_GT(outcome.drift->rank.mean, 0) << model;
  }
}

}  // namespace
}  // namespace lapidary::core
