// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts that learn from calibration samples, through the session: errors of outputs, files, stopping.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "core/calibrate/layer_inputs.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/session/session.h"
#include "tests/core/session/sessions.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

Session openResNet() {
  Model model = readModel(assets + "/resnet/resnet20_cifar10.onnx");
  Preprocess cifar;
  cifar.scale = 1.0 / 255;
  cifar.mean = {.485, .456, .406};
  cifar.std = {.229, .224, .225};
  auto data = std::make_shared<const Dataset>(openData(assets + "/cifar10/test-1000"), cifar, model);
  Session::Options options;
  options.calibrationSamples = 32;
  return Session(std::move(model), data, options);
}

Recipe everywhere(const Model& model, const LayerEdit& edit) {
  Recipe recipe;
  for (const Layer& layer : model.layers) recipe.set(layer.name, edit);
  return recipe;
}

LayerEdit rounding(Rounding rounding, int bits = 4) {
  LayerEdit edit;
  edit.quantize = {Scheme::Symmetric, bits, Granularity::Channel};
  edit.quantize.rounding = rounding;
  return edit;
}

LayerEdit corrected(int bits = 3) {
  LayerEdit edit = rounding(Rounding::Nearest, bits);
  edit.quantize.correctBias = true;
  return edit;
}

LayerEdit scaled(int bits = 3) {
  LayerEdit edit = rounding(Rounding::Nearest, bits);
  edit.quantize.scaleInputs = true;
  return edit;
}

LayerEdit pruning(Criterion criterion, PruneMode mode = PruneMode::Sparsity) {
  LayerEdit edit;
  edit.prune = {mode, mode == PruneMode::Sparsity ? 0.6 : 0.0, criterion};
  return edit;
}

/// Sums over the layers of the errors with the method and without it; no layer may be worse.
void expectLowerErrors(const Session& session, const LayerEdit& edit, double most, const char* what) {
  const Recipe recipe = everywhere(session.model(), edit);
  session.cutter().apply(recipe);
  double chosen = 0, plain = 0;
  for (std::uint32_t i = 0; i < session.model().layers.size(); ++i) {
    const auto errors = session.cutter().outputErrors(recipe, LayerId{i});
    ASSERT_TRUE(errors) << what;
    EXPECT_LE(errors->chosen, errors->plain * 1.0001) << what << " " << session.model().layers[i].name;
    chosen += errors->chosen, plain += errors->plain;
  }
  EXPECT_LT(chosen, most * plain) << what;
  ::testing::Test::RecordProperty(what, std::to_string(chosen / plain));
}

/// So that errors are known for methods that do not need the whole matrix themselves.
void learn(const Session& session) {
  session.cutter().apply(everywhere(session.model(), rounding(Rounding::Gptq)));
}

void expectEachMethodLowersErrors(const Session& session) {
  learn(session);
  expectLowerErrors(session, rounding(Rounding::Gptq), 0.7, "gptq");
  expectLowerErrors(session, rounding(Rounding::Adaptive), 0.7, "adaround");
  expectLowerErrors(session, corrected(), 0.99, "bias_correction");
  expectLowerErrors(session, scaled(), 0.97, "awq");
  expectLowerErrors(session, pruning(Criterion::Reconstruct), 0.6, "sparsegpt");
}

TEST(CalibratedCut, EachMethodLowersTheErrorsOfOutputs) { expectEachMethodLowersErrors(calibratedDemo()); }

TEST(CalibratedCut, EachMethodLowersTheErrorsOfOutputsOfAResNet) {
  if (!fs::exists(assets)) GTEST_SKIP() << "skipped: no ../shared";
  expectEachMethodLowersErrors(openResNet());
}

TEST(CalibratedCut, WandaLowersTheErrorsOfDenseLayers) {
  const Session session = calibratedDemo();
  learn(session);
  const Recipe recipe = everywhere(session.model(), pruning(Criterion::Wanda));
  session.cutter().apply(recipe);
  for (std::uint32_t i = 2; i < 4; ++i) {
    const auto errors = session.cutter().outputErrors(recipe, LayerId{i});
    EXPECT_LT(errors->chosen, errors->plain) << session.model().layers[i].name;
  }
}

void expectSameModels(const Model& a, const Model& b) {
  ASSERT_EQ(a.weights.size(), b.weights.size());
  for (const auto& [value, tensor] : a.weights)
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), b.weights.at(value).bytes()));
}

TEST(CalibratedCut, TheSameForAnyNumberOfWorkers) {
  const Session one = calibratedDemo(1), three = calibratedDemo(3);
  LayerEdit both = rounding(Rounding::Adaptive, 3);
  both.prune = {PruneMode::Sparsity, 0.5, Criterion::Reconstruct};
  both.quantize.correctBias = both.quantize.scaleInputs = true;
  for (const LayerEdit& edit : {both, pruning(Criterion::Taylor), pruning(Criterion::Wanda)}) {
    const Recipe recipe = everywhere(one.model(), edit);
    expectSameModels(one.cutter().apply(recipe), three.cutter().apply(recipe));
  }
}

TEST(CalibratedCut, PrunedWeightsStayZeroThroughEveryRounding) {
  const Session session = calibratedDemo();
  for (const Criterion criterion : {Criterion::Magnitude, Criterion::Wanda, Criterion::Reconstruct})
    for (const Rounding each : {Rounding::Nearest, Rounding::Gptq, Rounding::Adaptive}) {
      LayerEdit edit = rounding(each);
      edit.prune = {PruneMode::Sparsity, 0.7, criterion};
      const Recipe both = everywhere(session.model(), edit);
      edit.quantize = {};
      const Recipe alone = everywhere(session.model(), edit);
      for (std::uint32_t i = 0; i < session.model().layers.size(); ++i) {
        const auto pruned = session.cutter().cut(alone, LayerId{i}),
                   rounded = session.cutter().cut(both, LayerId{i});
        for (std::size_t k = 0; k < pruned->values.as<float>().size(); ++k)
          if (pruned->values.as<float>()[k] == 0.0f) {
            ASSERT_EQ(rounded->values.as<float>()[k], 0.0f);
          }
        EXPECT_EQ(pruned->zeros, session.cutter().prunedZeros(alone, LayerId{i}));
      }
    }
}

TEST(CalibratedCut, TaylorRanksOverTheLayerAndOverAll) {
  const Session session = calibratedDemo();
  const Recipe each = everywhere(session.model(), pruning(Criterion::Taylor));
  Recipe all = everywhere(session.model(), pruning(Criterion::Taylor, PruneMode::Global));
  all.globalSparsity = 0.9;
  const Footprint perLayer = session.footprint(each), global = session.footprint(all);
  for (const LayerFootprint& layer : perLayer.layers)
    EXPECT_EQ(layer.zeros, static_cast<std::int64_t>(0.6 * static_cast<double>(layer.parameters)));
  EXPECT_EQ(global.zeros, static_cast<std::int64_t>(0.9 * static_cast<double>(global.parameters)));
  // Against a sort of all weights of all layers by |w| times its mean gradient, learnt anew.
  const Executor executor(session.model(), {});
  CalibratedInputs calibrated(session.model(), &executor, {session.sharedData(), 64, 8, 1, 1 << 20, true});
  std::vector<std::pair<float, float>> ranked;
  for (std::uint32_t i = 0; i < session.model().layers.size(); ++i) {
    const Tensor gradient = calibrated.gradientMagnitudesOf(LayerId{i}, {}),
                 weight = session.cutter().weight(LayerId{i});
    const Tensor after = session.cutter().cut(all, LayerId{i})->values;
    for (std::size_t k = 0; k < weight.as<float>().size(); ++k)
      ranked.emplace_back(std::fabs(weight.as<float>()[k]) * gradient.as<float>()[k], after.as<float>()[k]);
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<float, float>::first);
  const auto cutoff = static_cast<std::size_t>(global.zeros);
  for (std::size_t k = 0; k < ranked.size(); ++k)
    if (ranked[k].first != ranked[cutoff].first) {
      ASSERT_EQ(ranked[k].second == 0.0f, k < cutoff) << k;
    }
}

TEST(CalibratedCut, BiasCorrectionKeepsTheMeanOfEveryOutput) {
  const Session session = calibratedDemo();
  learn(session);
  const Recipe recipe = everywhere(session.model(), corrected(2));
  const Model cut = session.cutter().apply(recipe);
  for (const Layer& layer : session.model().layers) {
    ASSERT_TRUE(layer.bias.valid());
    EXPECT_NE(cut.weights.at(layer.bias).id(), session.model().weights.at(layer.bias).id());
  }
  // The first layer reads the same inputs before and after: its mean output must not move.
  const Node& node = session.model().graph->node(session.model().layers[0].node);
  RunOptions options;
  options.wanted = {node.outputs[0]};
  const Executor executor(session.model(), {});
  const auto order = std::span(session.data()->order()).first(64);
  const auto inputs = session.data()->inputs(order);
  const auto channels = static_cast<std::size_t>(session.model().layers[0].shape[0]);
  std::vector<double> moved(channels), size(channels);
  const Tensor before = executor.run(session.model(), inputs, options).wanted[0];
  const Tensor after = executor.run(cut, inputs, options).wanted[0];
  const std::size_t plane = before.as<float>().size() / 64 / channels;
  for (std::size_t i = 0; i < before.as<float>().size(); ++i) {
    const std::size_t c = i / plane % channels;
    moved[c] += static_cast<double>(after.as<float>()[i] - before.as<float>()[i]);
    size[c] += std::fabs(static_cast<double>(before.as<float>()[i]));
  }
  for (std::size_t c = 0; c < channels; ++c) EXPECT_LT(std::fabs(moved[c]), 1e-4 * size[c]) << c;
}

TEST(CalibratedCut, WithoutDataAPersonIsToldToOpenSome) {
  const Session session = sessionOf(demo + "lenet5.onnx", "");
  for (const LayerEdit& edit :
       {rounding(Rounding::Gptq), pruning(Criterion::Wanda), pruning(Criterion::Taylor)})
    try {
      session.footprint(everywhere(session.model(), edit));
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_THAT(error.what(), HasSubstr("open data"));
    }
}

TEST(CalibratedCut, TellsOfItsSamplesAndStops) {
  const Session session = calibratedDemo(1);
  const Recipe recipe = everywhere(session.model(), rounding(Rounding::Gptq));
  std::stop_source stop;
  std::size_t seen = 0;
  const Progress progress{stop.get_token(), [&](std::size_t done, std::size_t total) {
                            EXPECT_EQ(total, 64u);
                            seen = done;
                            if (done >= 32) stop.request_stop();
                          }};
  EXPECT_THROW(session.evaluate(recipe, qualityOnly, progress), Cancelled);
  EXPECT_EQ(seen, 32u);
  EXPECT_FALSE(session.cutter().outputErrors(recipe, LayerId{0}));
  EXPECT_TRUE(session.evaluate(recipe, qualityOnly, {}).quality);
}

TEST(CalibratedCut, FilesHoldWhatWasShown) {
  const Session session = calibratedDemo();
  LayerEdit edit = rounding(Rounding::Gptq);
  edit.quantize.correctBias = edit.quantize.scaleInputs = true;
  for (const Granularity per : {Granularity::Tensor, Granularity::Channel})
    for (const char* ending : {".onnx", ".safetensors", ".npz"}) {
      edit.quantize.granularity = per;
      const Recipe recipe = everywhere(session.model(), edit);
      const testing::TemporaryFolder folder;
      const fs::path path = folder.path(std::string("m") + ending);
      const SavedFile saved = session.save(recipe, path.string(), {});
      if (std::string(ending) == ".onnx") {
        EXPECT_EQ(saved.bytes, session.footprint(recipe).fileAfter);
        EXPECT_EQ(saved.bytes, fs::file_size(path));
      }
    }
}

}  // namespace
}  // namespace lapidary::core
