// SPDX-License-Identifier: GPL-3.0-or-later
// Methods that average gradients, against one gradient at a time.
#include <gtest/gtest.h>

#include <cmath>

#include "core/explain/gradients/smooth_grad.h"
#include "core/run/gradient.h"
#include "tests/core/explain/explained_digit.h"

namespace lapidary::core {
namespace {

std::vector<float> gradientAt(const ExplainedDigit& digit, const Tensor& image, std::int64_t cls) {
  GradientRequest request;
  request.inputs = {image};
  request.wrt = {digit.model.graph->inputs[0]};
  request.seed = [cls](std::span<const Tensor> outputs) {
    TensorBuilder seed(DType::Float32, outputs[0].shape());
    std::ranges::fill(seed.as<float>(), 0.0f);
    seed.as<float>()[static_cast<std::size_t>(cls)] = 1;
    return std::vector<Tensor>{std::move(seed).build()};
  };
  const Tensor gradient = gradients(digit.model, request).gradients[0];
  return {gradient.as<float>().begin(), gradient.as<float>().end()};
}

Tensor times(const Tensor& image, double factor) {
  TensorBuilder builder(DType::Float32, image.shape());
  std::ranges::transform(image.as<float>(), builder.as<float>().begin(),
                         [&](float value) { return static_cast<float>(factor) * value; });
  return std::move(builder).build();
}

TEST(IntegratedGradients, AreTheMeanOfGradientsOnTheWay) {
  const ExplainedDigit digit;
  SaliencyOptions options;
  options.pathSteps = 20;
  const SaliencyMap map = digit.map(SaliencyMethod::IntegratedGradients, options);
  std::vector<double> sum(784, 0);
  for (int k = 0; k < 20; ++k) {
    const auto gradient = gradientAt(digit, times(digit.inputs[0], (k + 0.5) / 20), map.targetClass);
    for (std::size_t i = 0; i < 784; ++i) sum[i] += static_cast<double>(gradient[i]) / 20;
  }
  for (std::size_t i = 0; i < 784; ++i)
    EXPECT_NEAR(static_cast<double>(map.values[i]),
                sum[i] * static_cast<double>(digit.inputs[0].as<float>()[i]), 1e-4);
}

TEST(IntegratedGradients, SumToTheScoreLessThatOfTheBaseline) {
  const ExplainedDigit digit;
  SaliencyOptions few, many;
  few.pathSteps = 4;
  many.pathSteps = 256;
  const SaliencyMap coarse = digit.map(SaliencyMethod::IntegratedGradients, few),
                    fine = digit.map(SaliencyMethod::IntegratedGradients, many);
  const auto score = [&](const Tensor& image) {
    const ClassScores scores = digit.scores(image);
    return static_cast<double>(scores.values[scores.indexOf(0, fine.targetClass)]);
  };
  ASSERT_TRUE(fine.completeness);
  EXPECT_NEAR(fine.completeness->expected, score(digit.inputs[0]) - score(times(digit.inputs[0], 0)), 1e-3);
  EXPECT_LT(std::abs(fine.completeness->error()), 0.01 * std::abs(fine.completeness->expected));
  EXPECT_LT(std::abs(fine.completeness->error()), std::abs(coarse.completeness->error()));
}

TEST(SmoothGrad, IsTheMeanOverNoisyCopies) {
  const ExplainedDigit digit;
  SaliencyOptions options;
  options.smoothSamples = 21;  // more than a batch
  options.seed = 5;
  const SaliencyMap map = digit.map(SaliencyMethod::SmoothGrad, options);
  const double deviation = noiseDeviation(digit.inputs[0], options);
  EXPECT_NEAR(deviation, 0.15, 1e-3);  // the digit has black and white
  std::vector<double> sum(784, 0);
  double squares = 0;
  for (std::size_t k = 0; k < 21; ++k) {
    const Tensor noisy = noisyCopies(digit.inputs[0], deviation, 5, k, 1);
    const auto gradient = gradientAt(digit, noisy, map.targetClass);
    for (std::size_t i = 0; i < 784; ++i) {
      sum[i] += static_cast<double>(gradient[i]) / 21;
      const double noise = static_cast<double>(noisy.as<float>()[i] - digit.inputs[0].as<float>()[i]);
      squares += noise * noise;
    }
  }
  EXPECT_NEAR(std::sqrt(squares / (21 * 784)), deviation, 0.005);
  for (std::size_t i = 0; i < 784; ++i)
    EXPECT_NEAR(static_cast<double>(map.values[i]), std::abs(sum[i]), 1e-4);
}

TEST(SmoothGrad, WithoutNoiseIsTheGradient) {
  const ExplainedDigit digit;
  SaliencyOptions options;
  options.smoothNoise = 0;
  options.smoothSamples = 2;
  const auto smooth = digit.map(SaliencyMethod::SmoothGrad, options).values,
             plain = digit.map(SaliencyMethod::Gradient).values;
  for (std::size_t i = 0; i < 784; ++i) EXPECT_NEAR(smooth[i], plain[i], 1e-5f);
  options.smoothNoise = 0.15;
  EXPECT_NE(digit.map(SaliencyMethod::SmoothGrad, options).values, plain);
}

}  // namespace
}  // namespace lapidary::core
