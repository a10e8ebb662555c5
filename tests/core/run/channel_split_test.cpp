// SPDX-License-Identifier: GPL-3.0-or-later
// One operator in parts of its output channels: the same bits as the whole.
#include "core/run/channel_split.h"

#include <gmock/gmock.h>

#include "core/run/executor.h"
#include "core/run/graph_plan.h"
#include "core/run/pipeline.h"
#include "core/support/parallel.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

using namespace testing;

/// Runs whole and in parts, `steps` of them.
void expectSameBits(const Model& model, const std::vector<Tensor>& inputs, const std::string& what,
                    std::size_t steps = 1) {
  const Executor executor(model, {});
  const RunResult whole = executor.run(model, inputs);
  EXPECT_EQ(whole.stepsSplit, 0u);
  for (const unsigned workers : {2u, 3u, 4u}) {
    RunOptions options;
    options.split = {workers, 0};
    for (int again = 0; again < 2; ++again) {
      const RunResult parts = executor.run(model, inputs, options);
      EXPECT_EQ(parts.stepsSplit, steps) << what;
      EXPECT_TRUE(sameBits(whole.outputs.at(0), parts.outputs.at(0)))
          << what << " by " << workers << " workers, off by "
          << largestDifference(whole.outputs.at(0), parts.outputs.at(0));
    }
  }
}

Model convModel(std::int64_t in, std::int64_t out, std::int64_t kernel, bool bias, std::int64_t stride = 1) {
  GraphBuilder b;
  std::vector<ValueId> inputs{b.input("x", {-1, in, -1, -1}),
                              b.weight("w", randomTensor({out, in, kernel, kernel}, 1))};
  if (bias) inputs.push_back(b.weight("b", randomTensor({out}, 2)));
  b.output(b.node(
      "Conv", inputs,
      {{"pads", ints(std::vector<std::int64_t>(4, kernel / 2))}, {"strides", ints({stride, stride})}}));
  return b.model();
}

TEST(ChannelSplit, OfAConvolutionGivesTheBitsOfTheWhole) {
  for (const std::int64_t out : {32, 40, 48, 64, 100})
    for (const std::int64_t kernel : {1, 3, 5})
      for (const std::int64_t in : {3, 16, 24})
        expectSameBits(convModel(in, out, kernel, kernel == 3, kernel == 5 ? 2 : 1),
                       {randomTensor({2, in, 14, 14}, 3)},
                       "Conv of " + std::to_string(in) + " to " + std::to_string(out) + " channels, kernel " +
                           std::to_string(kernel),
                       out % 8 == 0 ? 1 : 0);
}

TEST(ChannelSplit, OfGemmGivesTheBitsOfTheWhole) {
  for (const std::int64_t columns : {32, 64, 72, 100, 500})
    for (const std::int64_t rows : {1, 2, 7, 50})
      for (const bool transposed : {false, true}) {
        GraphBuilder b;
        const ValueId x = b.input("x", {-1, 300});
        const Shape shape = transposed ? Shape{columns, 300} : Shape{300, columns};
        b.output(b.node("Gemm",
                        {x, b.weight("w", randomTensor(shape, 1)), b.weight("c", randomTensor({columns}, 2))},
                        {{"transB", std::int64_t{transposed}}, {"alpha", 0.5f}, {"beta", 2.0f}}));
        expectSameBits(b.model(), {randomTensor({rows, 300}, 3)},
                       "Gemm of " + std::to_string(rows) + " rows to " + std::to_string(columns) +
                           (transposed ? " transposed" : ""));
      }
}

TEST(ChannelSplit, OfMatMulWithFusedBiasResidualAndActivation) {
  for (const std::int64_t columns : {64, 96}) {
    GraphBuilder b;
    const ValueId x = b.input("x", {-1, 5, 48}), r = b.input("r", {-1, 5, columns});
    const ValueId product = b.node("MatMul", {x, b.weight("w", randomTensor({48, columns}, 1))});
    const ValueId biased = b.node("Add", {product, b.weight("bias", randomTensor({columns}, 2))});
    b.output(b.node("Relu", {b.node("Add", {biased, r})}));
    expectSameBits(b.model(), {randomTensor({3, 5, 48}, 3), randomTensor({3, 5, columns}, 4)},
                   "MatMul to " + std::to_string(columns));
  }
}

TEST(ChannelSplit, OfAResidualBlockWithFoldedNorms) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 32, 8, 8});
  const std::map<std::string, Attribute> pads{{"pads", ints({1, 1, 1, 1})}};
  const auto conv = [&](ValueId from, const std::string& name, unsigned seed) {
    return addNorm(
        b, name,
        b.node("Conv", {from, b.weight(name + ".w", randomTensor({32, 32, 3, 3}, seed, 0.1f))}, pads), 32,
        seed + 5);
  };
  const ValueId first = b.node("Relu", {conv(x, "one", 1)});
  b.output(b.node("Relu", {b.node("Add", {conv(first, "two", 20), x})}));
  expectSameBits(b.model(), {randomTensor({3, 32, 8, 8}, 9)}, "residual block", 2);
}

struct Found {
  std::shared_ptr<const Schedule> schedule;
  std::shared_ptr<const ChannelSplit> split;
};

/// What the model's first step is split into.
Found splitOf(const Model& model, unsigned parts) {
  GraphPlan plan(model, true);
  const auto schedule = plan.scheduleFor(model, {});
  const auto constants = plan.fold(model, *schedule);
  return {schedule, ChannelSplit::of(*schedule->graph, schedule->steps.at(0), constants->fusions.at(0),
                                     constants->values, parts)};
}

TEST(ChannelSplit, HasPartsOfWholeBlocks) {
  const Found found = splitOf(convModel(16, 104, 3, true), 3);
  ASSERT_TRUE(found.split);
  EXPECT_EQ(found.split->parts(), 3u);
  EXPECT_EQ(found.split->channels(), 104);
  EXPECT_DOUBLE_EQ(found.split->largestShare(), 40.0 / 104) << "blocks 0-31, 32-63, 64-103";
  EXPECT_FALSE(splitOf(convModel(16, 100, 3, true), 3).split) << "the parts would run by another kernel";
  EXPECT_EQ(splitOf(convModel(16, 40, 3, true), 8).split->parts(), 2u) << "no part is below one block";
}

/// The store of a step remembers the split of it: each would keep the other for ever.
TEST(ChannelSplit, DoesNotKeepTheStoreOfItsStep) {
  const Model model = convModel(16, 104, 3, true);
  GraphPlan plan(model, true);
  const auto schedule = plan.scheduleFor(model, {});
  const auto constants = plan.fold(model, *schedule);
  Step step = schedule->steps.at(0);
  step.prepared = std::make_shared<RecentlyPrepared>();
  const auto split = ChannelSplit::of(*schedule->graph, step, constants->fusions.at(0), constants->values, 3);
  ASSERT_TRUE(split);
  EXPECT_EQ(step.prepared.use_count(), 1);
}

TEST(ChannelSplit, IsMeasuredBesideWhatWasForetold) {
  const Model model = convModel(16, 64, 3, true);
  const Tensor input = randomTensor({4, 16, 14, 14}, 3);
  const Pipeline pipeline(model);
  const auto costs = pipeline.measure(model, std::span(&input, 1), {3, 2});
  const auto splits = pipeline.measureSplits(model, std::span(&input, 1), costs, {2, 0}, {3, 1});
  ASSERT_EQ(splits.size(), 1u);
  EXPECT_EQ(splits[0].parts, 2u);
  EXPECT_EQ(splits[0].channels, 64);
  EXPECT_GT(splits[0].wholeSeconds, 0);
  EXPECT_GT(splits[0].splitSeconds, 0);
  EXPECT_GT(splits[0].predictedSeconds, costs[0].measuredSeconds / 2);
  EXPECT_TRUE(pipeline.measureSplits(model, std::span(&input, 1), costs, {2, 1e12}).empty());
}

TEST(ChannelSplit, LeavesAloneWhatItCannotSplit) {
  EXPECT_FALSE(splitOf(convModel(16, 24, 3, true), 4).split) << "24 channels make one block and a half";
  GraphBuilder grouped;
  grouped.output(grouped.node(
      "Conv", {grouped.input("x", {-1, 64, 8, 8}), grouped.weight("w", randomTensor({64, 1, 3, 3}, 1))},
      {{"group", std::int64_t{64}}}));
  EXPECT_FALSE(splitOf(grouped.model(), 2).split);
  GraphBuilder fed;
  fed.output(fed.node("MatMul", {fed.input("x", {4, 64}), fed.input("y", {64, 64})}));
  EXPECT_FALSE(splitOf(fed.model(), 2).split);
}

TEST(ChannelSplit, DoesNotNestInAWorker) {
  const Model model = convModel(16, 64, 3, true);
  const Executor executor(model, {});
  const Tensor input = randomTensor({1, 16, 8, 8}, 3);
  const Tensor whole = executor.run(model, std::span(&input, 1)).outputs.at(0);
  RunOptions options;
  options.split = {2, 0};
  std::vector<Tensor> results(4);
  parallelFor(4, 2, [&](std::size_t i, unsigned) {
    results[i] = executor.run(model, std::span(&input, 1), options).outputs.at(0);
  });
  for (const Tensor& result : results) EXPECT_TRUE(sameBits(result, whole));
}

}  // namespace
}  // namespace lapidary::core
