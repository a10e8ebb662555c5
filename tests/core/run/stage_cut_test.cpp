// SPDX-License-Identifier: GPL-3.0-or-later
// The cut into stages against all cuts there are.
#include "core/run/stage_cut.h"

#include <gmock/gmock.h>

#include <functional>
#include <random>

#include "core/run/stage_plan.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

struct Figures {
  double largest = 0, handed = 0;
  auto operator<=>(const Figures&) const = default;
};

Figures figuresOf(const std::vector<std::size_t>& firsts, const std::vector<double>& seconds,
                  const std::vector<double>& handover) {
  Figures figures;
  for (std::size_t k = 0; k < firsts.size(); ++k) {
    const std::size_t end = k + 1 < firsts.size() ? firsts[k + 1] : seconds.size();
    double stage = k == 0 ? 0 : handover[firsts[k]];
    figures.handed += stage;
    for (std::size_t i = firsts[k]; i < end; ++i) stage += seconds[i];
    figures.largest = std::max(figures.largest, stage);
  }
  return figures;
}

Figures bestOfAll(std::size_t stages, const std::vector<double>& seconds,
                  const std::vector<double>& handover) {
  Figures best{1e30, 1e30};
  std::vector<std::size_t> firsts{0};
  const std::function<void()> extend = [&] {
    if (firsts.size() == stages) {
      best = std::min(best, figuresOf(firsts, seconds, handover));
      return;
    }
    for (std::size_t next = firsts.back() + 1; next < seconds.size(); ++next) {
      firsts.push_back(next);
      extend();
      firsts.pop_back();
    }
  };
  extend();
  return best;
}

TEST(StageCut, IsTheBestOfAllCuts) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t steps = 1 + random() % 10, stages = 1 + random() % steps;
    std::vector<double> seconds, handover;
    // Whole numbers add without rounding, so that the figures can be compared exactly.
    for (std::size_t i = 0; i < steps; ++i) {
      seconds.push_back(static_cast<double>(random() % 20));
      handover.push_back(static_cast<double>(random() % 6));
    }
    const auto firsts = cutStages(seconds, handover, stages);
    ASSERT_EQ(firsts.size(), stages);
    const Figures found = figuresOf(firsts, seconds, handover), best = bestOfAll(stages, seconds, handover);
    EXPECT_EQ(found.largest, best.largest) << "trial " << trial;
    EXPECT_EQ(found.handed, best.handed) << "trial " << trial;
  }
}

TEST(StageCut, HasAtMostOneStageAStep) {
  const double seconds[] = {1, 2, 3}, handover[] = {0, 0, 0};
  EXPECT_THAT(cutStages(seconds, handover, 9), ::testing::ElementsAre(0, 1, 2));
  EXPECT_THROW(cutStages({}, {}, 2), Error);
}

TEST(StagePlan, PredictsAFullPipelineAndItsMemory) {
  std::vector<StepCost> steps(4);
  for (std::size_t i = 0; i < 4; ++i) {
    steps[i].measuredSeconds = 0.010;
    steps[i].entering = 100 * (i + 1);
    steps[i].held = 1000 * (i + 1);
    steps[i].weights = {{ValueId{7}, 50}, {ValueId{static_cast<std::uint32_t>(i)}, 10}};
  }
  const StageRequest request{2, 2, 3, 20, {0.001, 1e6}};
  const StagePlan plan = planStages(steps, request);
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(plan.stages[1].firstStep, 2u);
  EXPECT_EQ(plan.stages[0].weightBytes, 70u) << "a constant that two steps share counts once";
  EXPECT_EQ(plan.stages[0].activationBytes, 2000u);
  EXPECT_EQ(plan.stages[1].activationBytes, 4000u + 3 * 300u);
  EXPECT_NEAR(plan.stages[1].seconds, 0.020 + 0.001 + 300 / 1e6, 1e-12);
  EXPECT_NEAR(plan.samplesPerSecond, 20 / plan.stages[1].seconds, 1e-9);
  EXPECT_NEAR(plan.secondsFor(10), 0.020 + 10 * plan.stages[1].seconds, 1e-12);
  StageRequest oneProcessor = request;
  oneProcessor.processors = 1;
  EXPECT_LT(planStages(steps, oneProcessor).samplesPerSecond, 20 / 0.040)
      << "stages on one processor gain nothing and hand over besides";
}

}  // namespace
}  // namespace lapidary::core
