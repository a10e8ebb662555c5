// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of classes: where labels, a teacher or both teach, and the gradients at the outputs against
// differences.
#include "core/finetune/class_loss.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

const std::vector<float> scores{0.5f, -1, 2, 1.5f, 0.25f, -0.5f, 0, 1, 3};

/// Three rows of three classes.
Tensor output(const std::vector<float>& values) {
  return Tensor::from<float>({3, 3}, std::span<const float>(values));
}

ClassAnswers teacher() { return {{1, 0, 0, 0, 2, 1, -1, 0, 1}, 3}; }

double sumOf(const ClassLoss& loss, const std::vector<float>& values) {
  const std::vector<std::size_t> samples{0, 1, 2};
  const Tensor outputs[]{output(values)};
  return loss.of(outputs, samples).sum;
}

void expectGradients(const ClassLoss& loss, const std::vector<float>& at) {
  const std::vector<std::size_t> samples{0, 1, 2};
  const Tensor outputs[]{output(at)};
  const auto gradients = loss.of(outputs, samples).outputs.at(0);
  for (std::size_t i = 0; i < at.size(); ++i) {
    std::vector<float> above = at, below = at;
    above[i] += 1e-2f;
    below[i] -= 1e-2f;
    EXPECT_NEAR(gradients.as<float>()[i], (sumOf(loss, above) - sumOf(loss, below)) / 2e-2, 2e-3) << i;
  }
}

TEST(ClassLoss, GradientsAreThoseOfTheSum) {
  expectGradients(ClassLoss({0.3, 2, 0.1}, teacher(), {0, 2, 1}), scores);
  expectGradients(ClassLoss({0.3, 2, 0}, teacher(), {0, -1, 1}), scores);
  expectGradients(ClassLoss({1, 4, 0}, teacher(), {}), scores);
  expectGradients(ClassLoss({0.5, 4, 0}, {}, {0, 2, 1}), scores);
}

TEST(ClassLoss, IsHeard) {
  ClassLossSettings settings{0.3, 2, 0};
  double heard = 0;
  std::size_t samples = 0;
  settings.heard = [&](double sum, std::size_t count) {
    heard += sum;
    samples += count;
  };
  const double sum = sumOf(ClassLoss(settings, teacher(), {0, 2, 1}), scores);
  EXPECT_DOUBLE_EQ(heard, sum);
  EXPECT_EQ(samples, 3u);
}

TEST(ClassLoss, SamplesWithoutALabelLearnFromTheTeacherAlone) {
  const double taught = sumOf(ClassLoss({1, 2, 0}, teacher(), {}), scores);
  EXPECT_DOUBLE_EQ(sumOf(ClassLoss({0.2, 2, 0}, teacher(), {-1, -1, -1}), scores), taught);
  const double labels = sumOf(ClassLoss({0, 2, 0}, {}, {0, 2, 1}), scores);
  EXPECT_NEAR(sumOf(ClassLoss({0.25, 2, 0}, teacher(), {0, 2, 1}), scores), 0.25 * taught + 0.75 * labels,
              1e-12);
  const ClassAnswers answers = teacher();
  const double third = distillation({std::span(scores).subspan(6), 3}, {answers.row(2), 3}, 2).sum;
  const double firstTwo = crossEntropy({std::span(scores).first(6), 3}, std::vector<std::int64_t>{0, 2}).sum;
  EXPECT_NEAR(sumOf(ClassLoss({0, 2, 0}, teacher(), {0, 2, -1}), scores), firstTwo + third, 1e-12);
}

}  // namespace
}  // namespace lapidary::core
