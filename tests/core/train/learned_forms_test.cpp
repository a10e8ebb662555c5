// SPDX-License-Identifier: GPL-3.0-or-later
// Grids and codebooks as numbers of a training: values, and gradients against differences and a naive loop.
#include <gtest/gtest.h>

#include <cmath>

#include "core/train/learned_codebook.h"
#include "core/train/learned_step.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::testing {
namespace {

Tensor row(const std::vector<float>& values) {
  return Tensor::from<float>({static_cast<std::int64_t>(values.size())}, std::span<const float>(values));
}

std::vector<float> listOf(const Tensor& tensor) {
  const auto values = tensor.as<float>();
  return {values.begin(), values.end()};
}

TEST(LearnedStep, WeightsLieOnTheGridOfTheirGroup) {
  const LearnedStep form(row({0.24f, -0.9f, 0, 1.1f, 3.0f}), {0.25f, 1.0f}, {0, 0, 0, 1, 1}, {3, false});
  EXPECT_EQ(listOf(form.seen(form.start())), (std::vector<float>{0.25f, -0.75f, 0, 1, 3}));
  const LearnedStep signs(row({0.24f, -0.9f, 0}), {0.5f}, {0, 0, 0}, {1, true});
  EXPECT_EQ(listOf(signs.seen(signs.start())), (std::vector<float>{0.5f, -0.5f, 0}));
}

/// The codes held still, the value moves with the step as the gradient says; with rounding as the identity a
/// weight inside moves alone.
TEST(LearnedStep, GradientsAreThePublishedOnes) {
  const std::vector<float> weights{0.24f, -0.9f, 0, 0.6f, 0.05f}, at{1.0f, -2.0f, 5.0f, 0.5f, 3.0f};
  const float step = 0.25f, most = 3;
  const LearnedStep form(row(weights), {step}, {0, 0, 0, 0, 0}, {most, false});
  const auto gradients = form.gradient(form.start(), at);
  double wanted = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double scaled = static_cast<double>(weights[i]) / static_cast<double>(step);
    const bool inside = std::fabs(scaled) <= static_cast<double>(most);
    EXPECT_EQ(gradients[i], inside ? at[i] : 0) << i;
    const double code =
        std::clamp(std::nearbyint(scaled), -static_cast<double>(most), static_cast<double>(most));
    wanted += static_cast<double>(at[i]) * (inside ? code - scaled : code);
  }
  EXPECT_NEAR(static_cast<double>(gradients.back()), wanted / std::sqrt(4 * static_cast<double>(most)), 1e-5);
}

TEST(LearnedStep, OfSignsTheStepIsThatOfAllWeights) {
  const LearnedStep form(row({0.2f, -0.7f, 0, 0.1f}), {0.5f}, {0, 0, 0, 0}, {1, true});
  const std::vector<float> at{1, 2, 3, 4};
  const auto gradients = form.gradient(form.start(), at);
  EXPECT_NEAR(gradients.back(), (1 - 2 + 4) / std::sqrt(3.0f), 1e-6f);
  EXPECT_EQ(gradients[1], 2);
}

TEST(LearnedCodebook, EntriesGatherTheGradientsOfTheirWeights) {
  const std::vector<std::uint8_t> codes{0, 2, 1, 2, 0, 2};
  const LearnedCodebook form(Tensor::from<std::uint8_t>({2, 3}, std::span<const std::uint8_t>(codes)),
                             {0, -1, 2}, 0);
  const std::vector<float> at{10, 1, 2, 3, 20, 5};
  EXPECT_EQ(listOf(form.seen(form.start())), (std::vector<float>{0, 2, -1, 2, 0, 2}));
  EXPECT_EQ(form.gradient(form.start(), at), (std::vector<float>{0, 2, 9}));
}

}  // namespace
}  // namespace lapidary::core::testing
