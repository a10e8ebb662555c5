// SPDX-License-Identifier: GPL-3.0-or-later
// Flipped answers: counted by hand, and as a row of the table of measurements.
#include "core/analyze/changes/flipped_answers.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/analyze/statistics.h"
#include "core/files/archive.h"
#include "core/files/mapped_file.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/support/demo_digits.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

using ::testing::HasSubstr;

Session digitSession(unsigned workers) {
  Model model = readModel(demo + "lenet300.onnx");
  auto data = digits(model);
  Session::Options options;
  options.workers = workers;
  return Session(std::move(model), std::move(data), options);
}

Recipe coarse(const Session& session) {
  return uniformRecipe(session.model(), {0, false, {Scheme::Symmetric, 2}});
}

Figure flippedIn(const Outcome& outcome) {
  for (const Figure& figure : outcome.figures)
    if (figure.words->key == "flipped") return figure;
  ADD_FAILURE() << "the figure is not there";
  return {};
}

Predictions answering(const std::vector<std::int64_t>& classes) {
  Predictions predictions{10, {}};
  for (const std::int64_t cls : classes) predictions.samples.push_back({cls, 0.5, 0.5, 0.5, true});
  return predictions;
}

TEST(FlippedAnswers, AreCountedOverTheSamplesOfTheCut) {
  const Model model = readModel(demo + "lenet300.onnx");
  const auto data = digits(model);
  const Predictions before = answering({1, 2, 3, 4, 5});
  const Figure two = flippedAnswers(*data, before, answering({1, 7, 3, 7}));
  EXPECT_DOUBLE_EQ(two.value, 0.5);
  EXPECT_EQ(two.samples, 4u);
  EXPECT_EQ(two.interval.low, wilsonInterval(2, 4).low);
  EXPECT_EQ(two.interval.high, wilsonInterval(2, 4).high);
  EXPECT_EQ(flippedAnswers(*data, before, before).value, 0);
  EXPECT_EQ(flippedAnswers(*data, before, before).interval.low, 0);
  EXPECT_EQ(flippedAnswers(*data, before, answering({})).samples, 0u);
}

TEST(FlippedAnswers, AreAFigureOfEveryFinalOutcomeOnAnyNumberOfWorkers) {
  const Session one = digitSession(1), three = digitSession(3);
  const Outcome outcome = one.evaluate(coarse(one), {.measure = {}}, {});
  const Figure flipped = flippedIn(outcome);
  EXPECT_GT(flipped.value, 0);
  EXPECT_NEAR(flipped.value, 1 - *outcome.quality->agreement, 1e-12);
  EXPECT_EQ(flipped.samples, one.data()->size());
  EXPECT_EQ(flippedIn(three.evaluate(coarse(three), {.measure = {}}, {})).value, flipped.value);
  EXPECT_EQ(flippedIn(one.evaluate(coarse(one), {}, {})).value, flipped.value) << "remembered";
  EXPECT_EQ(flippedIn(one.evaluate({}, {.measure = {}}, {})).value, 0);
}

TEST(FlippedAnswers, StandInTheBundleOfTheModelThatWasReadBack) {
  const Session session = digitSession(1);
  const std::string path =
      (std::filesystem::temp_directory_path() / ("flipped_" + std::to_string(getpid()) + ".zip")).string();
  session.save(coarse(session), path, {});
  const auto text = [&path](const std::string& member) {
    const Bytes bytes = ArchiveReader(mapFile(path)).read(member, 1 << 24);
    return std::string(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size());
  };
  const auto figures = nlohmann::json::parse(text("manifest.json"))["figures"];
  EXPECT_DOUBLE_EQ(figures["flipped"].get<double>(),
                   flippedIn(session.evaluate(coarse(session), {}, {})).value);
  EXPECT_THAT(text("report.html"), HasSubstr("Flipped answers</span>"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace lapidary::core
