// SPDX-License-Identifier: GPL-3.0-or-later
// The sensitivity scan in a session: cells are what an evaluation of the same recipe gives.
#include "core/analyze/trials/sensitivity.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"

namespace lapidary::core {
namespace {

SensitivityRequest fewSettings() {
  SensitivityRequest request;
  request.settings = {sparsitySetting(0.9), bitsSetting(2)};
  return request;
}

Recipe onLayers(const SensitivityMatrix& matrix, const Model& model, std::size_t column, std::size_t row) {
  Recipe recipe;
  for (std::size_t i = 0; i < matrix.layers.size(); ++i)
    if (matrix.reverse ? i != row : i == row)
      recipe.set(model.layer(matrix.layers[i]).name, matrix.settings[column].edit);
  return recipe;
}

void expectEvaluated(const Session& session, const SensitivityMatrix& matrix) {
  for (const SensitivityCell& cell : matrix.cells) {
    const Recipe recipe = onLayers(matrix, session.model(), cell.column, cell.row);
    const Outcome outcome = session.evaluate(recipe, qualityOnly, {});
    ASSERT_TRUE(cell.drop) << cell.failure;
    EXPECT_EQ(cell.trial.samples, session.data()->size());
    EXPECT_NEAR(cell.drop->value, -*outcome.quality->change, 1e-12);
    EXPECT_NEAR(cell.drop->interval.low, -outcome.quality->changeInterval->high, 1e-12);
    EXPECT_EQ(cell.trial.agreed, static_cast<std::size_t>(std::lround(
                                     *outcome.quality->agreement * static_cast<double>(cell.trial.samples))));
    EXPECT_GT(*cell.trial.meanDivergence(), 0);
  }
}

TEST(SessionSensitivity, EveryCellIsTheEvaluationOfItsRecipe) {
  const Session session = demoSession("lenet300");
  SensitivityRequest request = fewSettings();
  request.race.everything = true;
  expectEvaluated(session, session.sensitivity(request, {}));
  request.reverse = true;
  const SensitivityMatrix reverse = session.sensitivity(request, {});
  expectEvaluated(session, reverse);
  ASSERT_EQ(reverse.allLayers.size(), 2u);
  EXPECT_EQ(reverse.allLayers[0].trial.samples, session.data()->size());
}

TEST(SessionSensitivity, ARacedScanSeesFewerSamplesAndTheSamePrefixes) {
  Session::Options alone;
  alone.workers = 1;
  const Session session = demoSession("lenet300"), one = demoSession("lenet300", alone);
  std::size_t told = 0;
  const SensitivityMatrix raced = session.sensitivity(
      fewSettings(), {}, [&](const SensitivityMatrix&, const SensitivityCell*) { ++told; });
  EXPECT_LT(raced.sampleShare(), 0.95);
  EXPECT_GT(told, raced.cells.size());
  const SensitivityMatrix again = one.sensitivity(fewSettings(), {});
  for (std::size_t i = 0; i < raced.cells.size(); ++i) {
    EXPECT_EQ(raced.cells[i].trial.samples, again.cells[i].trial.samples);
    EXPECT_EQ(raced.cells[i].trial.lost, again.cells[i].trial.lost);
    EXPECT_EQ(raced.cells[i].trial.divergence, again.cells[i].trial.divergence) << "by the number of workers";
  }
}

TEST(SessionSensitivity, WithoutDataThereIsNoiseAndDivergence) {
  const Session session = sessionOf(demo + "lenet300.onnx", "");
  const SensitivityMatrix matrix = session.sensitivity(fewSettings(), {});
  EXPECT_EQ(matrix.kind, QualityKind::Noise);
  for (const SensitivityCell& cell : matrix.cells) {
    EXPECT_FALSE(cell.drop);
    const Recipe recipe = onLayers(matrix, session.model(), cell.column, cell.row);
    EXPECT_EQ(cell.trial.power.decibel(), session.evaluate(recipe, qualityOnly, {}).quality->outputSnrDb);
    EXPECT_GT(*cell.trial.meanDivergence(), 0);
    EXPECT_TRUE(cell.weightSnrDb);
  }
}

TEST(SessionSensitivity, BytesSavedAreThoseOfTheFile) {
  const Session session = sessionOf(demo + "lenet300.onnx", "");
  SensitivityRequest request = fewSettings();
  request.size = SizeKind::Onnx;
  for (const SensitivityCell& cell : session.sensitivity(request, {}).cells) {
    Recipe recipe;
    recipe.set(session.model().layers[cell.row].name, request.settings[cell.column].edit);
    const Footprint footprint = session.footprint(recipe);
    EXPECT_EQ(cell.bytesSaved, static_cast<std::int64_t>(footprint.fileBefore) -
                                   static_cast<std::int64_t>(footprint.fileAfter));
  }
}

TEST(SessionSensitivity, AStopEndsItAndTheCellsToldOfStay) {
  const Session session = demoSession("lenet300");
  std::stop_source source;
  SensitivityMatrix last;
  EXPECT_THROW(session.sensitivity(fewSettings(), {source.get_token(), {}},
                                   [&](const SensitivityMatrix& matrix, const SensitivityCell* cell) {
                                     last = matrix;
                                     if (cell != nullptr) source.request_stop();
                                   }),
               Cancelled);
  EXPECT_EQ(std::ranges::count_if(last.cells, [](const auto& cell) { return cell.drop.has_value(); }), 1);
}

}  // namespace
}  // namespace lapidary::core
