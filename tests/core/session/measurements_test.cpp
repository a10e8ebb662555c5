// SPDX-License-Identifier: GPL-3.0-or-later
// The table of measurements: an evaluation measures what is asked for, once, and nothing that lacks what it
// needs.
#include "core/session/measurements.h"

#include <gmock/gmock.h>

#include <set>

#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

Recipe coarse(const Session& session) {
  return uniformRecipe(session.model(), {0, false, {Scheme::Symmetric, 2}});
}

TEST(Measurements, HaveDistinctNamesAndWordsAndOneWayToBeMeasured) {
  std::set<std::string_view> names, keys;
  for (const MeasurementRow& row : measurements()) {
    EXPECT_TRUE(names.insert(row.id.name).second) << row.id.name;
    EXPECT_TRUE(keys.insert(row.words.key).second) << row.words.key;
    EXPECT_FALSE(row.words.title.empty()) << row.id.name;
    EXPECT_NE(row.run == nullptr, row.ofAnswers == nullptr) << row.id.name;
    EXPECT_TRUE(row.ofAnswers == nullptr || (row.needs.classScores && row.needs.samples)) << row.id.name;
  }
}

TEST(Measurements, AreTheUsualOnesUnlessTheOptionsSayOtherwise) {
  EXPECT_THAT(usualMeasurements(),
              UnorderedElementsAre(measurement::latency, measurement::forms, measurement::saliency));
  const Session session = demoSession("lenet300");
  const Outcome bare = session.evaluate(coarse(session), {.measure = {}}, {});
  EXPECT_TRUE(bare.final && bare.quality && bare.reliability);
  EXPECT_FALSE(bare.latency || bare.footprint.forms || bare.drift || bare.attacked);
  const Outcome timed = session.evaluate(coarse(session), {.measure = {measurement::latency}}, {});
  EXPECT_TRUE(timed.latency);
  EXPECT_FALSE(timed.footprint.forms || timed.drift || timed.attacked);
  const Outcome usual = session.evaluate(coarse(session), {}, {});
  EXPECT_TRUE(usual.footprint.forms && usual.drift);
  EXPECT_FALSE(usual.attacked);
  EXPECT_EQ(usual.latency->seconds, timed.latency->seconds) << "measured twice";
}

TEST(Measurements, ThatTheTableDoesNotHaveAreRefusedByName) {
  const Session session = demoSession("lenet300");
  try {
    session.evaluate({}, {.measure = {MeasurementId{"colour"}}}, {});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_THAT(error.what(), HasSubstr("there is no measurement 'colour'"));
  }
}

TEST(Measurements, AreLeftOutWhereWhatTheyNeedIsMissing) {
  const Session alone(readModel(demo + "lenet300.onnx"), nullptr, {});
  const Outcome outcome = alone.evaluate({}, {.measure = {measurement::saliency, measurement::attacked}}, {});
  EXPECT_TRUE(outcome.final);
  EXPECT_EQ(outcome.quality->kind, QualityKind::Noise);
  EXPECT_FALSE(outcome.drift || outcome.attacked || outcome.reliability);
  EXPECT_TRUE(outcome.figures.empty());
}

TEST(Measurements, StopBetweenTwoRowsAndKeepTheQuality) {
  const Session session = demoSession("lenet300");
  std::stop_source stop;
  const auto stopWhenComplete = [&](const Outcome& outcome) {
    if (outcome.quality && outcome.quality->samples == outcome.quality->total) stop.request_stop();
  };
  EXPECT_THROW(session.evaluate(coarse(session), {}, {stop.get_token(), {}}, stopWhenComplete), Cancelled);
  const Outcome after = session.evaluate(coarse(session), {.measure = {}}, {});
  EXPECT_EQ(after.remembered, session.data()->size());
  EXPECT_FALSE(after.latency);
}

}  // namespace
}  // namespace lapidary::core
