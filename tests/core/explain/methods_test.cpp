// SPDX-License-Identifier: GPL-3.0-or-later
// The table of methods, and what holds for every one of them.
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "core/explain/explain_sample.h"
#include "core/explain/saliency_methods.h"
#include "core/io/numpy/npz.h"
#include "core/run/executor.h"
#include "tests/core/explain/explained_digit.h"

namespace lapidary::core {
namespace {

SaliencyOptions quick() {
  SaliencyOptions options;
  options.riseMasks = 60;
  options.shapCoalitions = 120;
  options.shapSegments = 16;
  options.smoothSamples = 6;
  options.pathSteps = 10;
  return options;
}

TEST(SaliencyMethods, HaveARowAndAWordEach) {
  std::set<std::string_view> words;
  for (const SaliencyRow& row : saliencyMethods()) {
    EXPECT_TRUE(words.insert(row.word).second) << row.word;
    EXPECT_EQ(saliencyMethodNamed(row.word), row.method);
    EXPECT_EQ(rowOf(row.method).word, row.word);
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(SaliencyMethod::AttentionRollout) + 1);
  EXPECT_THROW(saliencyMethodNamed("magic"), Error);
}

TEST(SaliencyMethods, DrawTheSameMapOnAnyNumberOfThreads) {
  const ExplainedDigit digit;
  SaliencyOptions one = quick(), three = quick();
  three.workers = 3;
  for (const SaliencyRow& row : saliencyMethods()) {
    if (row.need == SaliencyNeed::Attention) continue;
    const SaliencyMap map = digit.map(row.method, one);
    EXPECT_EQ(map.method, row.method);
    EXPECT_EQ(map.values.size(), 784u) << row.word;
    EXPECT_EQ(map.values, digit.map(row.method, three).values) << row.word;
    EXPECT_GT(largestMagnitude(map.values), 0) << row.word;
    if (!row.isSigned) {
      EXPECT_GE(*std::ranges::min_element(map.values), 0.0f) << row.word;
    }
  }
}

TEST(SaliencyMethods, StopWhenAsked) {
  const ExplainedDigit digit;
  for (const SaliencyRow& row : saliencyMethods()) {
    if (!row.runsOften) continue;
    std::stop_source stop;
    Progress progress{stop.get_token(), [&](std::size_t, std::size_t) { stop.request_stop(); }};
    EXPECT_THROW(saliency(digit.model, digit.executor, digit.inputs, row.method, -1, progress), Cancelled)
        << row.word;
  }
}

TEST(SaliencyMethods, SayWhatTheyLack) {
  const Model mlp = readModel(demo + "lenet300.onnx");
  EXPECT_THAT(obstacleOf(mlp, SaliencyMethod::GradCamPlusPlus), ::testing::HasSubstr("last convolution"));
  EXPECT_THAT(obstacleOf(mlp, SaliencyMethod::AttentionRollout), ::testing::HasSubstr("has none"));
  EXPECT_EQ(obstacleOf(mlp, SaliencyMethod::Rise), "");
  EXPECT_EQ(obstacleOf(mlp, SaliencyMethod::GuidedBackpropagation), "");
}

struct Asset {
  std::string model, data, skipped;
  int width, height;
};

/// Every method that fits gives a map of the input's size that is not flat.
void expectMaps(const Asset& asset) {
  const std::string folder = LAPIDARY_ASSETS_DIR "/";
  if (!std::filesystem::exists(folder + asset.model)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(folder + asset.model);
  const Executor executor(model, {});
  const auto source = openData(folder + asset.data);
  const Dataset data(source, choosePreprocess(model, *source).preprocess, model);
  const std::size_t first[]{0};
  const auto inputs = data.inputs(first);
  std::string skipped;
  for (const SaliencyRow& row : saliencyMethods()) {
    if (!obstacleOf(model, row.method).empty()) {
      skipped += std::string(row.word) + " ";
      EXPECT_THROW(saliency(model, executor, inputs, row.method, -1, {}, quick()), Error) << row.word;
      continue;
    }
    const SaliencyMap map = saliency(model, executor, inputs, row.method, -1, {}, quick());
    EXPECT_EQ(map.width, asset.width) << row.word;
    EXPECT_EQ(map.height, asset.height) << row.word;
    EXPECT_TRUE(std::ranges::all_of(map.values, [](float value) { return std::isfinite(value); }))
        << row.word;
    EXPECT_GT(largestMagnitude(map.values), 0) << row.word;
    if (map.completeness && row.method != SaliencyMethod::LrpEpsilon &&
        row.method != SaliencyMethod::LrpGamma) {
      EXPECT_NEAR(map.completeness->error(), 0, 0.15 * std::abs(map.completeness->expected)) << row.word;
    }
  }
  EXPECT_EQ(skipped, asset.skipped);
}

TEST(SaliencyMethods, ExplainTexts) {
  expectMaps(
      {"sms/sms_bert.onnx", "sms/sms_test.npz", "guided-backprop grad-cam grad-cam-plus-plus ", 64, 1});
}

TEST(SaliencyMethods, ExplainSpectrograms) {
  expectMaps({"digits-audio/fsdd_cnn.onnx", "digits-audio/fsdd_test.npz", "attention-rollout ", 62, 40});
}

TEST(SaliencyMethods, ExplainPictures) {
  expectMaps({"resnet/resnet20_cifar10_nofold_bn.onnx", "cifar10/test-1000", "attention-rollout ", 32, 32});
}

}  // namespace
}  // namespace lapidary::core
