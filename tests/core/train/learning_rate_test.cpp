// SPDX-License-Identifier: GPL-3.0-or-later
// Learning rates by the step.
#include "core/train/learning_rate.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

TEST(LearningRate, ConstantStepAndWarmUp) {
  EXPECT_EQ(rateAt({.base = 0.3}, 1000), 0.3);
  const LearningRate step{.base = 1, .schedule = RateSchedule::Step, .every = 10, .factor = 0.5};
  EXPECT_EQ(rateAt(step, 9), 1);
  EXPECT_EQ(rateAt(step, 10), 0.5);
  EXPECT_EQ(rateAt(step, 29), 0.25);
  const LearningRate warm{.base = 1, .warmUp = 4};
  EXPECT_EQ(rateAt(warm, 0), 0.25);
  EXPECT_EQ(rateAt(warm, 3), 1);
  EXPECT_EQ(rateAt(warm, 50), 1);
}

TEST(LearningRate, CosineFallsFromBaseToLeast) {
  const LearningRate rate{.base = 1, .schedule = RateSchedule::Cosine, .steps = 100, .least = 0.1};
  EXPECT_DOUBLE_EQ(rateAt(rate, 0), 1);
  EXPECT_NEAR(rateAt(rate, 50), 0.55, 1e-12);
  EXPECT_NEAR(rateAt(rate, 100), 0.1, 1e-12);
  EXPECT_NEAR(rateAt(rate, 500), 0.1, 1e-12);
}

/// As torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100) of PyTorch 1.13 gives them.
TEST(LearningRate, OneCycleRisesAndFalls) {
  const LearningRate rate{.base = 1, .schedule = RateSchedule::OneCycle, .steps = 100};
  EXPECT_NEAR(rateAt(rate, 0), 0.04, 1e-12);
  EXPECT_NEAR(rateAt(rate, 29), 1, 1e-12);
  EXPECT_NEAR(rateAt(rate, 64), 0.5, 1e-3);
  EXPECT_NEAR(rateAt(rate, 99), 4e-6, 1e-9);
}

}  // namespace
}  // namespace lapidary::core
