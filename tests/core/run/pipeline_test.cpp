// SPDX-License-Identifier: GPL-3.0-or-later
// The pipeline of stages: the same bits as one run, whatever the cut, and a clean end in every case.
#include "core/run/pipeline.h"

#include <gmock/gmock.h>

#include <thread>

#include "core/run/executor.h"
#include "core/run/step_cost.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

using namespace testing;

std::vector<Tensor> batchOf(std::size_t i) {
  return {randomTensor({static_cast<std::int64_t>(1 + i % 3), 3, 8, 8}, 100 + static_cast<unsigned>(i))};
}

PipelineFeed feedOf(std::size_t batches, std::vector<std::vector<Tensor>>& results) {
  auto next = std::make_shared<std::size_t>(0);
  return {[next, batches]() -> std::optional<std::vector<Tensor>> {
            if (*next == batches) return std::nullopt;
            return batchOf((*next)++);
          },
          [&results](std::size_t batch, std::vector<Tensor> outputs) {
            EXPECT_EQ(batch, results.size());
            results.push_back(std::move(outputs));
          }};
}

std::vector<Stage> stagesAt(const std::vector<std::size_t>& firsts, std::size_t steps) {
  std::vector<Stage> stages(firsts.size());
  for (std::size_t k = 0; k < firsts.size(); ++k) {
    stages[k].firstStep = firsts[k];
    stages[k].endStep = k + 1 < firsts.size() ? firsts[k + 1] : steps;
  }
  return stages;
}

TEST(Pipeline, GivesTheBitsOfOneRunForEveryCut) {
  const Model model = smallNet().model;
  const Executor executor(model, {});
  const Pipeline pipeline(model);
  const std::size_t steps = pipeline.measure(model, batchOf(0), {0}).size();
  ASSERT_GE(steps, 5u);
  std::vector<std::vector<std::size_t>> cuts{{0}, {0, 1, 2, 3}};
  for (std::size_t first = 1; first < steps; ++first) cuts.push_back({0, first});
  for (const auto& cut : cuts) {
    std::vector<std::vector<Tensor>> results;
    const auto times = pipeline.run(model, stagesAt(cut, steps), feedOf(7, results), 1);
    EXPECT_EQ(times.batches, 7u);
    EXPECT_EQ(times.busy.size(), cut.size());
    ASSERT_EQ(results.size(), 7u);
    for (std::size_t i = 0; i < results.size(); ++i)
      EXPECT_TRUE(sameBits(results[i].at(0), executor.run(model, batchOf(i)).outputs.at(0)))
          << "batch " << i << " of a cut into " << cut.size();
  }
}

TEST(Pipeline, MeasuresEveryStepAndWhatIsAlive) {
  GraphBuilder b;
  const ValueId x = b.input("x", {2, 16});
  const ValueId first = b.node("MatMul", {x, b.weight("w1", randomTensor({16, 32}, 1))});
  const ValueId second = b.node("Softmax", {first});
  const ValueId third = b.node("MatMul", {second, b.weight("w2", randomTensor({32, 8}, 2))});
  b.output(b.node("Concat", {third, first}, {{"axis", std::int64_t{1}}}));
  const Model model = b.model();
  const Tensor input = randomTensor({2, 16}, 3);
  const auto costs = Pipeline(model).measure(model, std::span(&input, 1), {3, 2, {}});
  ASSERT_EQ(costs.size(), 4u);
  EXPECT_EQ(costs[0].flops, 2.0 * 2 * 16 * 32);
  EXPECT_EQ(costs[0].entering, 2 * 16 * 4u);
  EXPECT_EQ(costs[1].entering, 2 * 32 * 4u);
  EXPECT_EQ(costs[2].entering, 2 * 2 * 32 * 4u) << "what the Concat reads later is alive too";
  EXPECT_EQ(costs[2].held, (2 * 2 * 32 + 2 * 8) * 4u);
  EXPECT_EQ(costs[3].entering, 2 * (32 + 8) * 4u);
  ASSERT_EQ(costs[0].weights.size(), 1u);
  EXPECT_EQ(costs[0].weights[0].bytes, 16 * 32 * 4u);
  for (const StepCost& cost : costs) {
    EXPECT_GT(cost.measuredSeconds, 0);
    EXPECT_GT(cost.tableSeconds, 0);
  }
}

TEST(Pipeline, StopsWhenAskedTo) {
  const Model model = smallNet().model;
  const Pipeline pipeline(model);
  const std::size_t steps = pipeline.measure(model, batchOf(0), {0}).size();
  std::stop_source stop;
  std::size_t seen = 0;
  const PipelineFeed endless{[]() -> std::optional<std::vector<Tensor>> { return batchOf(1); },
                             [&](std::size_t, std::vector<Tensor>) {
                               if (++seen == 3) stop.request_stop();
                             }};
  EXPECT_THROW(pipeline.run(model, stagesAt({0, 2, 4}, steps), endless, 2, stop.get_token()), Cancelled);
  EXPECT_GE(seen, 3u);
  EXPECT_LE(seen, 4u);
}

TEST(Pipeline, CostsAddUpToWholeRuns) {
  TimedRuns timed;
  timed.stepSeconds = {1, 3};
  timed.runSeconds = 6;
  EXPECT_EQ(timed.corrected(), (std::vector<double>{1.5, 4.5}));
  timed.stepSeconds = {0, 0};
  EXPECT_EQ(timed.corrected(), (std::vector<double>{0, 0}));
}

TEST(Pipeline, EndsWithTheErrorOfAStageAndCanRunAgain) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 4});
  const ValueId y = b.node("Relu", {b.node("Sigmoid", {x})});
  const ValueId shape = b.weight("shape", Tensor::from<std::int64_t>({2}, {2, 4}));
  b.output(b.node("Tanh", {b.node("Reshape", {y, shape})}));
  const Model model = b.model();
  const Pipeline pipeline(model);
  const Tensor fits = randomTensor({2, 4}, 1), broken = randomTensor({3, 4}, 2);
  const std::size_t steps = pipeline.measure(model, std::span(&fits, 1), {0}).size();
  ASSERT_EQ(steps, 4u);
  const auto stages = stagesAt({0, 1, 2, 3}, steps);
  std::size_t given = 0, seen = 0;
  const PipelineFeed feed{
      [&]() -> std::optional<std::vector<Tensor>> { return std::vector{++given == 6 ? broken : fits}; },
      [&](std::size_t, std::vector<Tensor>) { ++seen; }};
  try {
    pipeline.run(model, stages, feed);
    FAIL() << "the broken batch must end the run";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("Reshape"));
  }
  EXPECT_LE(seen, 5u);
  std::size_t left = 4;
  const PipelineFeed sound{[&]() -> std::optional<std::vector<Tensor>> {
                             return left-- == 0 ? std::nullopt : std::optional(std::vector{fits});
                           },
                           [](std::size_t, std::vector<Tensor>) {}};
  EXPECT_EQ(pipeline.run(model, stages, sound).batches, 4u);
}

TEST(Pipeline, EndsWithWhatItsFeedThrows) {
  const Model model = smallNet().model;
  const Pipeline pipeline(model);
  const std::size_t steps = pipeline.measure(model, batchOf(0), {0}).size();
  const auto stages = stagesAt({0, 3}, steps);
  const auto next = []() -> std::optional<std::vector<Tensor>> { return batchOf(0); };
  const auto ignore = [](std::size_t, std::vector<Tensor>) {};
  EXPECT_THROW(
      pipeline.run(
          model, stages,
          {[]() -> std::optional<std::vector<Tensor>> { throw std::runtime_error("no more"); }, ignore}),
      std::runtime_error);
  EXPECT_THROW(
      pipeline.run(model, stages,
                   {next, [](std::size_t, std::vector<Tensor>) { throw std::runtime_error("full"); }}),
      std::runtime_error);
  EXPECT_THROW(pipeline.run(model, stagesAt({0, 3}, steps - 1), {next, ignore}), Error);
}

}  // namespace
}  // namespace lapidary::core
