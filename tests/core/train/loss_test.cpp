// SPDX-License-Identifier: GPL-3.0-or-later
// Losses against their definitions, gradients against central differences.
#include "core/train/loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

const std::vector<float> mine{1, 2, 0.5f, -1, 0.3f, 4}, teacher{0.5f, 2.5f, 0, 1, 1, -2};
const std::vector<std::int64_t> labels{1, 0};

void expectGradients(const std::function<Loss(const Scores&)>& lossOf) {
  const Loss loss = lossOf({mine, 3});
  for (std::size_t i = 0; i < mine.size(); ++i) {
    constexpr float step = 1e-2f;
    std::vector<float> up = mine, down = mine;
    up[i] += step;
    down[i] -= step;
    EXPECT_NEAR(static_cast<double>(loss.gradient[i]),
                (lossOf({up, 3}).sum - lossOf({down, 3}).sum) / (2 * 0.01), 2e-3)
        << i;
  }
}

TEST(Loss, CrossEntropyIsMinusTheLogOfTheLabel) {
  const Loss loss = crossEntropy({mine, 3}, labels);
  const double first = std::exp(1.0) + std::exp(2.0) + std::exp(0.5),
               second = std::exp(-1.0) + std::exp(0.3) + std::exp(4.0);
  EXPECT_NEAR(loss.sum, std::log(first) - 2 + std::log(second) + 1, 1e-6);
  expectGradients([](const Scores& scores) { return crossEntropy(scores, labels); });
  expectGradients([](const Scores& scores) { return crossEntropy(scores, labels, 0.1); });
}

TEST(Loss, DistillationIsNothingForEqualsAndFollowsItsGradient) {
  EXPECT_NEAR(distillation({mine, 3}, {mine, 3}, 4).sum, 0, 1e-9);
  EXPECT_GT(distillation({mine, 3}, {teacher, 3}, 4).sum, 0.1);
  for (const double temperature : {1.0, 4.0})
    expectGradients([&](const Scores& scores) { return distillation(scores, {teacher, 3}, temperature); });
}

TEST(Loss, MeanSquaresAndSumsFollowTheirGradients) {
  expectGradients([](const Scores& scores) { return meanSquares(scores, {teacher, 3}); });
  expectGradients([](const Scores& scores) {
    return weightedSum(crossEntropy(scores, labels), meanSquares(scores, {teacher, 3}), 0.3, 0.7);
  });
}

TEST(Loss, RefusesLabelsAndTeachersThatDoNotFit) {
  const std::vector<std::int64_t> wrong{1, 3};
  EXPECT_THROW(crossEntropy({mine, 3}, wrong), Error);
  EXPECT_THROW(distillation({mine, 3}, {teacher, 2}, 1), Error);
}

}  // namespace
}  // namespace lapidary::core
