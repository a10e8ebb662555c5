// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/saliency.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/analyze/answers/class_scores.h"
#include "core/explain/explain_sample.h"
#include "core/explain/map/saliency_map.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

class LeNetSaliency : public ::testing::Test {
 protected:
  static Tensor digit(std::int64_t index) {
    const auto arrays = readNpz(mapFile(LAPIDARY_SOURCE_DIR "/resources/demo/digits_test.npz"));
    const auto pixels = arrays.at("x").as<std::uint8_t>().subspan(static_cast<std::size_t>(index) * 784, 784);
    TensorBuilder image(DType::Float32, {1, 1, 28, 28});
    std::transform(pixels.begin(), pixels.end(), image.as<float>().begin(),
                   [](std::uint8_t p) { return static_cast<float>(p) / 255; });
    return std::move(image).build();
  }

  double score(const Tensor& image, std::int64_t cls) const {
    const auto outputs = executor.run(model, std::span(&image, 1)).outputs;
    const ClassScores scores = classScores(outputs, {});
    return double{scores.values[scores.indexOf(0, cls)]};
  }

  SaliencyMap mapOf(SaliencyMethod method, std::int64_t cls = -1) const {
    return saliency(model, executor, std::span(&input, 1), method, cls, {});
  }

  Model model = readModel(LAPIDARY_SOURCE_DIR "/resources/demo/lenet5.onnx");
  Executor executor{model, {}};
  Tensor input = digit(3);
};

Tensor changed(const Tensor& image, std::size_t pixel, float by) {
  TensorBuilder copy(DType::Float32, image.shape());
  std::copy(image.as<float>().begin(), image.as<float>().end(), copy.as<float>().begin());
  copy.as<float>()[pixel] += by;
  return std::move(copy).build();
}

TEST_F(LeNetSaliency, GradientIsTheDerivativeOfTheScore) {
  const SaliencyMap map = mapOf(SaliencyMethod::Gradient);
  ASSERT_EQ(map.width, 28);
  ASSERT_EQ(map.height, 28);
  int compared = 0;
  for (const std::size_t pixel : {200u, 321u, 406u, 407u, 435u, 500u}) {
    constexpr float step = 1e-3f;
    const double gradient = (score(changed(input, pixel, step), map.targetClass) -
                             score(changed(input, pixel, -step), map.targetClass)) /
                            (2 * double{step});
    // Kinks of pooling within the step are possible for a pixel or two.
    compared +=
        std::abs(std::abs(gradient) - double{map.values[pixel]}) < 0.02 * std::max(1.0, std::abs(gradient));
  }
  EXPECT_GE(compared, 5);
}

TEST_F(LeNetSaliency, GradientTimesInputVanishesWhereTheInputIsZero) {
  const SaliencyMap map = mapOf(SaliencyMethod::GradientInput);
  const auto pixels = input.as<float>();
  double most = 0;
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    if (pixels[i] == 0) {
      EXPECT_EQ(map.values[i], 0.0f);
    }
    most = std::max(most, std::abs(double{map.values[i]}));
  }
  EXPECT_GT(most, 0);
}

TEST_F(LeNetSaliency, OcclusionMatchesHidingThePatchByHand) {
  const SaliencyMap map = mapOf(SaliencyMethod::Occlusion);
  // The corner pixel is covered by the first patch alone: 4 x 4, as 28 is cut into eighths.
  TensorBuilder hidden(DType::Float32, input.shape());
  const auto from = input.as<float>();
  std::copy(from.begin(), from.end(), hidden.as<float>().begin());
  float mean = 0;
  for (const float value : from) mean += value / 784;
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column) hidden.as<float>()[row * 28 + column] = mean;
  const double drop = score(input, map.targetClass) - score(std::move(hidden).build(), map.targetClass);
  EXPECT_NEAR(double{map.values[0]}, drop, 1e-3);
}

TEST_F(LeNetSaliency, GradCamIsPositiveAndOfTheInputsSize) {
  const SaliencyMap map = mapOf(SaliencyMethod::GradCam);
  EXPECT_EQ(map.values.size(), 784u);
  EXPECT_GE(*std::min_element(map.values.begin(), map.values.end()), 0.0f);
  EXPECT_GT(*std::max_element(map.values.begin(), map.values.end()), 0.0f);
}

TEST_F(LeNetSaliency, TheClassCanBeChosen) {
  const SaliencyMap top = mapOf(SaliencyMethod::Gradient);
  const SaliencyMap other = mapOf(SaliencyMethod::Gradient, (top.targetClass + 1) % 10);
  EXPECT_GT(top.probability, other.probability);
  EXPECT_LT(rankCorrelation(top, other), 1);
  EXPECT_EQ(rankCorrelation(top, top), 1);
  EXPECT_THROW(mapOf(SaliencyMethod::Gradient, 10), Error);
}

TEST_F(LeNetSaliency, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  Progress progress;
  progress.stop = stop.get_token();
  EXPECT_THROW(saliency(model, executor, std::span(&input, 1), SaliencyMethod::Occlusion, -1, progress),
               Cancelled);
}

TEST(Saliency, MlpHasNoGradCamAndSaysWhy) {
  const Model model = readModel(LAPIDARY_SOURCE_DIR "/resources/demo/lenet300.onnx");
  const Executor executor(model, {});
  TensorBuilder zero(DType::Float32, {1, 1, 28, 28});
  std::fill(zero.as<float>().begin(), zero.as<float>().end(), 0.0f);
  const Tensor input = std::move(zero).build();
  try {
    saliency(model, executor, std::span(&input, 1), SaliencyMethod::GradCam, -1, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("last convolution"));
  }
}

TEST(Saliency, TokensAreExplainedAtTheirEmbedding) {
  const std::string folder = LAPIDARY_ASSETS_DIR "/sms/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(folder + "sms_bert.onnx");
  const Executor executor(model, {});
  const Tensor x = readNpz(mapFile(folder + "sms_test.npz")).at("x");
  const Tensor input = Tensor::from<std::int64_t>({1, 64}, x.as<std::int64_t>().first(64));
  for (const auto method :
       {SaliencyMethod::Gradient, SaliencyMethod::GradientInput, SaliencyMethod::Occlusion}) {
    const SaliencyMap map = saliency(model, executor, std::span(&input, 1), method, -1, {});
    EXPECT_EQ(map.width, 64);
    EXPECT_EQ(map.height, 1);
    EXPECT_GT(*std::max_element(map.values.begin(), map.values.end()), 0.0f);
  }
}

TEST(SaliencyMapGeometry, FindsRowsColumnsAndChannels) {
  EXPECT_EQ(geometryOf({1, 3, 4, 5}).channels, 3);
  EXPECT_EQ(geometryOf({1, 4, 5, 3}).width, 5);
  EXPECT_EQ(geometryOf({1, 4, 5, 3}).index(1, 2, 1), 22u);
  EXPECT_EQ(geometryOf({1, 7}).height, 1);
  EXPECT_EQ(geometryOf({1, 40, 62}).height, 40);
  EXPECT_EQ(geometryOf({1, 6, 8}, true).width, 6);
  EXPECT_EQ(geometryOf({1, 6, 8}, true).channels, 8);
}

TEST(SaliencyMapGeometry, UpscalingHoldsEdgesAndMiddles) {
  const std::vector<float> map{0, 1};
  EXPECT_THAT(upscaled(map, 2, 1, 4, 1), ::testing::ElementsAre(0, 0.25f, 0.75f, 1));
}

}  // namespace
}  // namespace lapidary::core
