// SPDX-License-Identifier: GPL-3.0-or-later
// Curves against masks by hand; the checks on methods whose answer is known.
#include "core/explain/judge/faithfulness.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/explain/explain_sample.h"
#include "core/explain/hiding/hidden_input.h"
#include "core/explain/judge/deletion_curves.h"
#include "core/explain/judge/faithfulness_judge.h"
#include "core/explain/judge/randomised_model.h"
#include "core/run/executor.h"
#include "tests/core/explain/explained_digit.h"

namespace lapidary::core {
namespace {

FaithfulnessRequest few(unsigned workers = 1) {
  FaithfulnessRequest request;
  request.samples = 4;
  request.steps = 10;
  request.workers = workers;
  request.options.pathSteps = 16;
  return request;
}

TEST(DeletionCurves, HideAndShowWhatIsRankedFirst) {
  const ExplainedDigit digit;
  const SaliencyOptions options;
  const Progress progress;
  const SaliencyMap map = digit.map(SaliencyMethod::Gradient);
  const SaliencyTask task{digit.model,     digit.executor, digit.inputs, map.method,
                          map.targetClass, options,        progress};
  const DeletionCurves curves = deletionCurves(task, map.values, 4, 1);
  ASSERT_EQ(curves.deletion.size(), 5u);
  ASSERT_EQ(curves.insertion.size(), 5u);
  std::vector<float> sorted = map.values;
  std::ranges::sort(sorted, std::greater<>());
  const float bound = sorted[195];  // a quarter of 784 positions
  ASSERT_NE(sorted[196], bound);
  Mask shown(784), hidden(784);
  for (std::size_t i = 0; i < 784; ++i) {
    shown[i] = map.values[i] >= bound ? 1.0f : 0.0f;
    hidden[i] = 1 - shown[i];
  }
  const HiddenInput input(digit.inputs[0]);
  const auto probability = [&](const Mask& mask) {
    return digit.scores(input.hidden(std::span(&mask, 1))).probability(0, map.targetClass);
  };
  EXPECT_NEAR(curves.deletion[1], probability(hidden), 1e-5);
  EXPECT_NEAR(curves.insertion[1], probability(shown), 1e-5);
  EXPECT_NEAR(curves.deletion[0], map.probability, 1e-5);
  EXPECT_NEAR(curves.insertion[4], map.probability, 1e-5);
  EXPECT_NEAR(curves.deletion[4], curves.insertion[0], 1e-6);
}

TEST(DeletionCurves, AreaIsTheMeanHeight) {
  EXPECT_DOUBLE_EQ(areaUnder(std::vector<double>{1, 0}), 0.5);
  EXPECT_DOUBLE_EQ(areaUnder(std::vector<double>{1, 0, 0, 0, 0}), 0.125);
  EXPECT_DOUBLE_EQ(areaUnder(std::vector<double>{0.3, 0.3, 0.3}), 0.3);
}

TEST(RandomisedModel, KeepsTheWeightsAndForgetsTheirPositions) {
  const Model model = readModel(demo + "lenet5.onnx");
  const Model top = randomised(model, Forgotten::TopLayer, 1),
              all = randomised(model, Forgotten::AllLayers, 1);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const auto sorted = [&](const Model& which) {
      const Tensor weight = layerWeight(which, model.layers[i]);
      std::vector<float> values(weight.as<float>().begin(), weight.as<float>().end());
      std::ranges::sort(values);
      return values;
    };
    EXPECT_EQ(sorted(model), sorted(all));
    const auto same = [&](const Model& which) {
      return std::ranges::equal(layerWeight(model, model.layers[i]).as<float>(),
                                layerWeight(which, model.layers[i]).as<float>());
    };
    EXPECT_FALSE(same(all));
    EXPECT_EQ(same(top), i + 1 < model.layers.size());
  }
}

TEST(Faithfulness, AMethodThatIgnoresTheWeightsFailsTheRandomisationCheck) {
  const ExplainedDigit digit;
  const auto data = digits(digit.model);
  const FaithfulnessJudge judge({digit.model, digit.executor}, *data, few());
  const Faithfulness found = judge.judge(
      [&](const Model&, std::span<const Tensor> inputs, std::int64_t target) {
        SaliencyMap map{SaliencyMethod::Gradient, 28, 28, {}, std::max<std::int64_t>(0, target), 0};
        map.values.assign(inputs[0].as<float>().begin(), inputs[0].as<float>().end());
        return map;
      },
      {});
  EXPECT_NEAR(found.allLayersKept, 1, 1e-6);
  EXPECT_TRUE(found.failsRandomisation());
  EXPECT_TRUE(found.fails());
}

TEST(Faithfulness, IntegratedGradientsPassOnTheDemoOnAnyNumberOfThreads) {
  const ExplainedDigit digit;
  const auto data = digits(digit.model);
  const Runnable subject{digit.model, digit.executor};
  const Faithfulness found =
      FaithfulnessJudge(subject, *data, few()).judge(SaliencyMethod::IntegratedGradients, {});
  EXPECT_EQ(found.samples, 4u);
  EXPECT_LT(found.allLayersKept, 0.5);
  EXPECT_FALSE(found.failsDeletion()) << found.deletionArea << " random " << found.randomDeletionArea;
  EXPECT_FALSE(found.failsInsertion()) << found.insertionArea << " random " << found.randomInsertionArea;
  EXPECT_GT(found.sensitivity, 0);
  const Faithfulness again =
      FaithfulnessJudge(subject, *data, few(3)).judge(SaliencyMethod::IntegratedGradients, {});
  EXPECT_EQ(found.deletion, again.deletion);
  EXPECT_EQ(found.sensitivity, again.sensitivity);
  EXPECT_EQ(found.allLayersKept, again.allLayersKept);
}

TEST(Faithfulness, ARandomMapIsNoBetterThanARandomMap) {
  const ExplainedDigit digit;
  const auto data = digits(digit.model);
  const FaithfulnessJudge judge({digit.model, digit.executor}, *data, few());
  const Faithfulness found = judge.judge(
      [&](const Model& model, std::span<const Tensor> inputs, std::int64_t target) {
        SaliencyMap map = saliency(model, digit.executor, inputs, SaliencyMethod::Gradient, target, {});
        unsigned state = 77;
        for (float& value : map.values)
          value = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8);
        return map;
      },
      {});
  EXPECT_NEAR(found.deletionArea, found.randomDeletionArea, 0.2);
}

TEST(Faithfulness, OfTextsMovesTheEmbedding) {
  const std::string folder = LAPIDARY_ASSETS_DIR "/sms/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(folder + "sms_bert.onnx");
  const Executor executor(model, {});
  const auto source = openData(folder + "sms_test.npz");
  const Dataset data(source, {}, model);
  FaithfulnessRequest request = few();
  request.samples = 2;
  const FaithfulnessJudge judge({model, executor}, data, request);
  EXPECT_GT(judge.judge(SaliencyMethod::Gradient, {}).sensitivity, 0);
  EXPECT_THROW(judge.judge(SaliencyMethod::GradCam, {}), Error);
}

TEST(Faithfulness, StopsWhenAsked) {
  const ExplainedDigit digit;
  const auto data = digits(digit.model);
  const FaithfulnessJudge judge({digit.model, digit.executor}, *data, few());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(judge.judge(SaliencyMethod::Rise, {stop.get_token(), {}}), Cancelled);
}

}  // namespace
}  // namespace lapidary::core
