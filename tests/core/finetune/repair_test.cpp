// SPDX-License-Identifier: GPL-3.0-or-later
// Repair after a cut on the demo: what was lost comes back, what was cut stays cut.
#include "core/finetune/repair.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "core/data/data_split.h"
#include "core/io/common/format.h"
#include "tests/core/session/sessions.h"
#include "tests/support/demo_digits.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

struct RepairTraining {
  RepairTraining()
      : model(readModel(demo + "lenet300.onnx")),
        learning(splitData(*digits(model, "digits_train.npz"), model, 0.8, 0).choosing),
        session(model, learning, {}) {}

  RepairRequest request(const LayerEdit& edit) const {
    RepairRequest request;
    for (const Layer& layer : model.layers) request.recipe.set(layer.name, edit);
    request.train.optimizer.kind = OptimizerKind::Adam;
    request.train.rate = {.base = 1e-3, .schedule = RateSchedule::Cosine};
    request.train.epochs = 6;
    request.train.workers = 2;
    return request;
  }
  double top1(const Model& of, const Recipe& recipe) const {
    const Session validation(of, digits(of, "digits_test.npz"), {});
    return *validation.evaluate(recipe, qualityOnly, {}).quality->top1;
  }

  Model model;
  std::shared_ptr<const Dataset> learning;
  Session session;
};

TEST(Repair, PrunedWeightsStayZeroAndAccuracyComesBack) {
  const RepairTraining training;
  const RepairRequest request = training.request({{PruneMode::Sparsity, 0.85}, {}});
  const double before = training.top1(training.model, request.recipe);
  const Repaired repaired = repair(training.session, request, {});
  const double after = training.top1(repaired.model, repaired.recipe);
  EXPECT_GT(after, before + 0.02) << "from " << before;
  const Model cut = training.session.cutter().apply(request.recipe);
  for (const Layer& layer : cut.layers) {
    const auto then = cut.weights.at(layer.weight).as<float>();
    const auto now = repaired.model.weights.at(layer.weight).as<float>();
    for (std::size_t i = 0; i < then.size(); ++i) {
      if (then[i] != 0) continue;
      ASSERT_EQ(now[i], 0) << layer.name << ", weight " << i;
    }
  }
  EXPECT_EQ(repaired.epochs.front().epoch, 0u);
  EXPECT_GE(repaired.epochs[repaired.best].quality, repaired.epochs.front().quality);
}

TEST(Repair, QuantizedWeightsLearnToBeRounded) {
  const RepairTraining training;
  const RepairRequest request = training.request({{}, {Scheme::Binary}});
  const double before = training.top1(training.model, request.recipe);
  const Repaired repaired = repair(training.session, request, {});
  EXPECT_GT(training.top1(repaired.model, repaired.recipe), before + 0.02) << "from " << before;
  EXPECT_EQ(repaired.recipe.editOf(training.model.layers.front().name).quantize.scheme, Scheme::Binary);
}

/// The share of zeros that is asked for is there, though pruning grew on the way.
TEST(Repair, PruningGrowsToWhatIsAsked) {
  const RepairTraining training;
  RepairRequest request = training.request({{PruneMode::Sparsity, 0.95}, {}});
  request.train.epochs = 8;
  const Repaired once = repair(training.session, request, {});
  request.ramp = 0.6;
  const Repaired grown = repair(training.session, request, {});
  ASSERT_GT(grown.best, 4u) << "of an epoch in which pruning had grown";
  for (const Layer& layer : grown.model.layers) {
    const auto values = grown.model.weights.at(layer.weight).as<float>();
    EXPECT_EQ(std::ranges::count(values, 0.0f),
              static_cast<std::ptrdiff_t>(0.95 * static_cast<double>(values.size())))
        << layer.name;
  }
  EXPECT_FALSE(std::ranges::equal(grown.model.weights.at(training.model.layers[0].weight).as<float>(),
                                  once.model.weights.at(training.model.layers[0].weight).as<float>()));
}

TEST(Repair, CodebooksAreLearnedAndFoundAgain) {
  const RepairTraining training;
  RepairRequest request = training.request({{}, {Scheme::Codebook, 1, Granularity::Tensor}});
  const double before = training.top1(training.model, request.recipe);
  const Repaired repaired = repair(training.session, request, {});
  ASSERT_GT(repaired.best, 0u);
  EXPECT_GT(training.top1(repaired.model, repaired.recipe), before + 0.02) << "from " << before;
  const Model shown = Cutter(repaired.model).apply(repaired.recipe);
  const Model rounded = Cutter(training.model).apply(request.recipe);
  for (const Layer& layer : shown.layers) {
    const auto values = shown.weights.at(layer.weight).as<float>();
    const std::set<float> distinct(values.begin(), values.end());
    EXPECT_LE(distinct.size(), 2u) << layer.name;
    EXPECT_TRUE(std::ranges::equal(values, repaired.model.weights.at(layer.weight).as<float>()))
        << layer.name << ": the recipe does not find the learned codebook again";
    EXPECT_FALSE(std::ranges::equal(values, rounded.weights.at(layer.weight).as<float>())) << layer.name;
  }
}

/// What was learned is what the recipe makes of it: to a step of rounding of the scale.
TEST(Repair, LearnedStepsAreFoundAgain) {
  const RepairTraining training;
  for (const Scheme scheme : {Scheme::Symmetric, Scheme::Ternary, Scheme::Binary}) {
    RepairRequest request = training.request({{}, {scheme, 2}});
    request.train.epochs = 3;
    const Repaired repaired = repair(training.session, request, {});
    ASSERT_GT(repaired.best, 0u);
    const Model shown = Cutter(repaired.model).apply(repaired.recipe);
    for (const Layer& layer : shown.layers) {
      const auto mine = repaired.model.weights.at(layer.weight).as<float>(),
                 seen = shown.weights.at(layer.weight).as<float>();
      std::size_t apart = 0;
      for (std::size_t i = 0; i < mine.size(); ++i)
        apart += std::fabs(mine[i] - seen[i]) > 1e-5f * std::fabs(seen[i]);
      EXPECT_LE(apart, mine.size() / 200) << layer.name;
    }
  }
}

TEST(Repair, IsTheSameForAnyNumberOfWorkers) {
  const RepairTraining training;
  RepairRequest request = training.request({{PruneMode::Sparsity, 0.9}, {Scheme::Symmetric, 3}});
  request.train.epochs = 1;
  const Repaired two = repair(training.session, request, {});
  request.train.workers = 1;
  const Repaired one = repair(training.session, request, {});
  ASSERT_EQ(one.best, 1u);
  for (const Layer& layer : training.model.layers) {
    const auto a = one.model.weights.at(layer.weight).as<float>(),
               b = two.model.weights.at(layer.weight).as<float>();
    EXPECT_TRUE(std::ranges::equal(a, b)) << layer.name;
  }
}

TEST(Repair, AStopKeepsTheBestSoFar) {
  const RepairTraining training;
  const RepairRequest request = training.request({{PruneMode::Sparsity, 0.85}, {}});
  std::stop_source source;
  const Repaired repaired =
      repair(training.session, request, {source.get_token(), {}}, [&](const RepairEpoch& e) {
        if (e.epoch == 1) source.request_stop();
        return true;
      });
  EXPECT_EQ(repaired.epochs.size(), 2u);
  EXPECT_EQ(repaired.best, 1u);
}

/// Interrupted in each stage: pruning while it grows, and codebooks.
TEST(Repair, GoesOnFromItsCheckpointWithTheSameBits) {
  const RepairTraining training;
  RepairRequest request =
      training.request({{PruneMode::Sparsity, 0.9}, {Scheme::Codebook, 3, Granularity::Tensor}});
  request.ramp = 0.5;
  const Repaired whole = repair(training.session, request, {});
  const testing::TemporaryFolder folder;
  const std::string file = folder.path("repair.checkpoint");
  request.checkpoint = file;
  for (const std::size_t last : {2, 5}) {
    const Repaired part =
        repair(training.session, request, {}, [&](const RepairEpoch& e) { return e.epoch < last; });
    ASSERT_EQ(part.epochs.size(), last + 1);
    ASSERT_TRUE(std::filesystem::exists(file));
  }
  RepairRequest other = request;
  other.train.seed = 99;
  EXPECT_THROW(repair(training.session, other, {}), Error);
  const Repaired rest = repair(training.session, request, {});
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(rest.best, whole.best);
  ASSERT_EQ(rest.epochs.size(), whole.epochs.size());
  for (std::size_t i = 0; i < rest.epochs.size(); ++i)
    EXPECT_EQ(rest.epochs[i].validationLoss, whole.epochs[i].validationLoss);
  for (const Layer& layer : training.model.layers)
    EXPECT_TRUE(std::ranges::equal(rest.model.weights.at(layer.weight).as<float>(),
                                   whole.model.weights.at(layer.weight).as<float>()))
        << layer.name;
}

TEST(Repair, ADamagedCheckpointIsNamed) {
  const RepairTraining training;
  RepairRequest request = training.request({{PruneMode::Sparsity, 0.9}, {}});
  const testing::TemporaryFolder folder;
  request.checkpoint = folder.write("damaged.checkpoint", std::string_view("no archive"));
  try {
    repair(training.session, request, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("damaged.checkpoint"), std::string::npos) << error.what();
  }
}

TEST(Repair, WhatHasFewerChannelsOrLowRankIsTrainedAsItIs) {
  const RepairTraining training;
  for (const LayerEdit& edit : {LayerEdit{{PruneMode::Channels, 0.5}, {}, {}, {}},
                                LayerEdit{{}, {}, {}, {LowRankMode::Energy, 0.5}}}) {
    RepairRequest request = training.request({});
    request.recipe.set(training.model.layers.front().name, edit);
    request.train.epochs = 3;
    const double before = training.top1(training.model, request.recipe);
    const Repaired repaired = repair(training.session, request, {});
    EXPECT_LT(repaired.model.weights.at(repaired.model.layers.front().weight).size(),
              training.model.weights.at(training.model.layers.front().weight).size());
    EXPECT_GE(training.top1(repaired.model, repaired.recipe), before);
    EXPECT_GT(repaired.best, 0u);
  }
}

TEST(Repair, WithoutDataOrWithAHighRateItSaysWhatIsWrong) {
  const RepairTraining training;
  const Session bare(training.model, nullptr, {});
  EXPECT_THROW(repair(bare, training.request({{PruneMode::Sparsity, 0.5}, {}}), {}), Error);
  RepairRequest request = training.request({{PruneMode::Sparsity, 0.5}, {}});
  request.train.optimizer.kind = OptimizerKind::Sgd;
  request.train.rate = {.base = 1e12};
  try {
    repair(training.session, request, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("at a lower rate"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace lapidary::core
