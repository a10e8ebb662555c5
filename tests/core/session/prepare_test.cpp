// SPDX-License-Identifier: GPL-3.0-or-later
// Quantized activations through the session: live figures, files, remembered graphs, stopping.
#include <gtest/gtest.h>

#include <cmath>

#include "core/compress/quantize/quantize_activations.h"
#include "core/io/common/format.h"
#include "core/session/session.h"
#include "tests/core/compress/structure/uneven_models.h"
#include "tests/core/session/sessions.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

Recipe quantized(const Model& model, ActivationMode mode, RangeMethod range = RangeMethod::MinMax,
                 int bits = 7) {
  Recipe recipe = uniformRecipe(model, {0, false, {Scheme::Symmetric, bits, Granularity::Channel, 0}});
  for (const Layer& layer : model.layers) {
    LayerEdit edit = recipe.editOf(layer.name);
    edit.activations = {mode, range};
    recipe.set(layer.name, edit);
  }
  return recipe;
}

TEST(SessionActivations, CalibrationIsTheSameForAnyNumberOfWorkers) {
  const auto one = calibratedDemo(1).calibration({}), three = calibratedDemo(3).calibration({});
  ASSERT_EQ(one->layers.size(), 4u);
  EXPECT_EQ(one->samples, 64u);
  for (std::size_t i = 0; i < one->layers.size(); ++i) {
    ASSERT_EQ(one->layers[i].history.size(), three->layers[i].history.size());
    for (std::size_t p = 0; p < one->layers[i].history.size(); ++p)
      EXPECT_EQ(one->layers[i].history[p].ranges, three->layers[i].history[p].ranges);
  }
}

TEST(SessionActivations, RangesAreThoseOfANaivePassOverTheSamples) {
  const Session session = calibratedDemo();
  const auto calibration = session.calibration({});
  const LayerCalibration& first = calibration->layers.front();
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t one[] = {session.data()->order()[i]};
    const Tensor input = session.data()->inputs(one).front();
    for (const float value : input.as<float>()) {
      low = std::min<double>(low, value);
      high = std::max<double>(high, value);
    }
  }
  EXPECT_EQ(first.range(RangeMethod::MinMax), (ActivationRange{low, high}));
}

TEST(SessionActivations, EveryMethodAndModeKeepsTheDigitsReadable) {
  const Session session = calibratedDemo();
  for (const RangeMethod range : rangeMethods) {
    const Outcome outcome =
        session.evaluate(quantized(session.model(), ActivationMode::Static, range), qualityOnly, {});
    EXPECT_GT(*outcome.quality->top1, 0.98) << name(range);
  }
  const Outcome dynamic =
      session.evaluate(quantized(session.model(), ActivationMode::Dynamic), qualityOnly, {});
  EXPECT_GT(*dynamic.quality->top1, 0.985);
}

/// Equalised layers read values of other ranges than the file's: the calibration is theirs.
TEST(SessionActivations, EqualisedLayersAreCalibratedAsTheyAre) {
  Model model = test::spreadApart(readModel(demo + "lenet300.onnx"));
  const auto source = openData(demo + "digits_test.npz");
  auto data = std::make_shared<const Dataset>(source, choosePreprocess(model, *source).preprocess, model);
  Session::Options options;
  options.calibrationSamples = 64;
  const Session session(std::move(model), data, options);
  Recipe recipe = quantized(session.model(), ActivationMode::Static);
  for (auto& [layer, edit] : recipe.edits) edit.quantize.granularity = Granularity::Tensor;
  EXPECT_LT(*session.evaluate(recipe, qualityOnly, {}).quality->top1, 0.9);
  recipe.equalize = true;
  EXPECT_GT(*session.evaluate(recipe, qualityOnly, {}).quality->top1, 0.97);
}

TEST(SessionActivations, ADynamicAnswerDoesNotDependOnItsNeighbours) {
  const Session session = calibratedDemo();
  const Recipe recipe = quantized(session.model(), ActivationMode::Dynamic);
  const Comparison comparison = session.compare(recipe, {});
  const std::string input = session.model().graph->value(session.model().graph->inputs[0]).name;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const std::size_t one[] = {session.data()->order()[i]};
    const Tensor scores = session.run(recipe, {{input, session.data()->inputs(one).front()}}).front().second;
    const Tensor before = session.run({}, {{input, session.data()->inputs(one).front()}}).front().second;
    const auto top = [](const Tensor& t) {
      return std::ranges::max_element(t.as<float>()) - t.as<float>().begin();
    };
    wrong += top(scores) != top(before);
  }
  EXPECT_LE(wrong, comparison.changed.size() + comparison.lost.size() + comparison.gained.size());
}

TEST(SessionActivations, TheFileGivesTheShownFiguresInTheForecastSize) {
  const Session session = calibratedDemo();
  const testing::TemporaryFolder folder;
  const std::string path = folder.path("m.onnx");
  for (const ActivationMode mode : {ActivationMode::Static, ActivationMode::Dynamic}) {
    const Recipe recipe = quantized(session.model(), mode);
    const Outcome shown = session.evaluate(recipe, qualityOnly, {});
    const SavedFile saved = session.save(recipe, path, {});
    EXPECT_EQ(saved.bytes, shown.footprint.fileAfter);
    EXPECT_EQ(*saved.quality->top1, *shown.quality->top1);
    EXPECT_EQ(rangesSpanBatch(*readModel(path).graph), mode == ActivationMode::Dynamic);
  }
}

/// A sum between two codes falls to either when the file is read back: no reason to refuse the file.
TEST(SessionActivations, CoarseWeightsAreSavedToo) {
  const Session session = calibratedDemo(0, 256);
  const testing::TemporaryFolder folder;
  const std::string path = folder.path("m.onnx");
  for (const int bits : {2, 4}) {
    const Recipe recipe = quantized(session.model(), ActivationMode::Static, RangeMethod::Percentile, bits);
    const Outcome shown = session.evaluate(recipe, qualityOnly, {});
    const SavedFile saved = session.save(recipe, path, {});
    EXPECT_NEAR(*saved.quality->top1, *shown.quality->top1, 0.002);
  }
}

TEST(SessionActivations, SaliencyProfileAndLatencyWork) {
  const Session session = calibratedDemo();
  for (const ActivationMode mode : {ActivationMode::Static, ActivationMode::Dynamic}) {
    const Recipe recipe = quantized(session.model(), mode);
    const Explanation explanation = session.explain(recipe, {}, {});
    EXPECT_GT(explanation.kept, 0.8);
    EXPECT_LT(explanation.kept, 1);
    const ModelProfile profile = session.profile(recipe, {}, {});
    EXPECT_GT(profile.seconds, 0);
    EXPECT_GT(profile.original, 0);
  }
}

TEST(SessionActivations, TheOriginalStaysTheOriginal) {
  const Session session = calibratedDemo();
  session.evaluate(quantized(session.model(), ActivationMode::Static), qualityOnly, {});
  EXPECT_EQ(*session.evaluate({}, qualityOnly, {}).quality->agreement, 1);
}

TEST(SessionActivations, CalibrationTellsProgressAndStops) {
  const Session session = calibratedDemo();
  std::stop_source stop;
  std::size_t told = 0;
  const Progress progress{stop.get_token(), [&](std::size_t done, std::size_t total) {
                            EXPECT_EQ(total, 64u);
                            EXPECT_LE(done, total);
                            if (++told == 2) stop.request_stop();
                          }};
  EXPECT_THROW(session.calibration(progress), Cancelled);
  EXPECT_EQ(told, 2u);
}

TEST(SessionActivations, WithoutDataStaticSaysWhatIsMissingAndDynamicRuns) {
  const Session session(readModel(demo + "lenet5.onnx"), nullptr, {});
  EXPECT_THROW(session.evaluate(quantized(session.model(), ActivationMode::Static), qualityOnly, {}), Error);
  const Outcome outcome =
      session.evaluate(quantized(session.model(), ActivationMode::Dynamic), qualityOnly, {});
  EXPECT_GT(*outcome.quality->outputSnrDb, 10);
}

}  // namespace
}  // namespace lapidary::core
