// SPDX-License-Identifier: GPL-3.0-or-later
// Conv and ConvTranspose against plain loops, their fusions against separate steps, their gradients
// against differences.
#include "core/ops/kernels/onednn.h"
#include "tests/core/ops/conv/conv_reference.h"
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

std::vector<std::int64_t> leadingPads(const ConvCase& row) {
  return {row.pads.begin(), row.pads.begin() + static_cast<std::ptrdiff_t>(row.pads.size() / 2)};
}

/// In `pads` the leading half is what auto_pad must come to; it is not given to the operator then.
const ConvCase convCases[] = {
    {.name = "Plain", .x = {2, 3, 7, 6}, .weight = {5, 3, 3, 3}, .expected = {5, 4}},
    {.name = "Padded",
     .x = {2, 16, 8, 8},
     .weight = {16, 16, 3, 3},
     .pads = {1, 1, 1, 1},
     .expected = {8, 8}},
    {.name = "Asymmetric",
     .x = {1, 4, 6, 5},
     .weight = {8, 4, 3, 2},
     .pads = {0, 1, 2, 0},
     .bias = false,
     .expected = {6, 5}},
    {.name = "Strided",
     .x = {2, 8, 9, 11},
     .weight = {16, 8, 3, 3},
     .strides = {2, 3},
     .pads = {1, 0, 1, 0},
     .expected = {5, 3}},
    {.name = "Dilated",
     .x = {1, 3, 10, 10},
     .weight = {4, 3, 3, 3},
     .dilations = {2, 3},
     .pads = {1, 2, 1, 2},
     .expected = {8, 8}},
    {.name = "Pointwise", .x = {3, 16, 5, 5}, .weight = {24, 16, 1, 1}, .expected = {5, 5}},
    {.name = "PointwiseStrided",
     .x = {2, 16, 6, 6},
     .weight = {32, 16, 1, 1},
     .strides = {2, 2},
     .bias = false,
     .expected = {3, 3}},
    {.name = "Grouped",
     .x = {2, 6, 5, 5},
     .weight = {9, 2, 3, 3},
     .group = 3,
     .pads = {1, 1, 1, 1},
     .expected = {5, 5}},
    {.name = "Depthwise",
     .x = {2, 8, 6, 6},
     .weight = {8, 1, 3, 3},
     .group = 8,
     .pads = {1, 1, 1, 1},
     .expected = {6, 6}},
    {.name = "DepthwiseMultiplier",
     .x = {1, 3, 6, 6},
     .weight = {6, 1, 3, 3},
     .group = 3,
     .strides = {2, 2},
     .pads = {1, 1, 1, 1},
     .expected = {3, 3}},
    {.name = "OddChannels",
     .x = {2, 5, 6, 6},
     .weight = {13, 5, 3, 3},
     .pads = {1, 1, 1, 1},
     .expected = {6, 6}},
    {.name = "UnfilledBlocks",
     .x = {2, 19, 8, 9},
     .weight = {13, 19, 3, 3},
     .pads = {1, 1, 1, 1},
     .expected = {8, 9}},
    {.name = "SameUpper",
     .x = {1, 3, 6, 7},
     .weight = {4, 3, 4, 3},
     .strides = {2, 2},
     .pads = {1, 1, 1, 1},
     .autoPad = "SAME_UPPER",
     .expected = {3, 4}},
    {.name = "SameLower",
     .x = {1, 3, 5, 6},
     .weight = {4, 3, 2, 2},
     .pads = {1, 1, 0, 0},
     .autoPad = "SAME_LOWER",
     .expected = {5, 6}},
    {.name = "Valid",
     .x = {1, 3, 5, 6},
     .weight = {4, 3, 2, 2},
     .pads = {0, 0, 0, 0},
     .autoPad = "VALID",
     .expected = {4, 5}},
    {.name = "OneDimension",
     .x = {2, 4, 11},
     .weight = {6, 4, 3},
     .strides = {2},
     .pads = {1, 1},
     .expected = {6}},
    {.name = "ThreeDimensions",
     .x = {1, 2, 4, 5, 6},
     .weight = {3, 2, 2, 3, 3},
     .strides = {1, 2, 1},
     .pads = {0, 1, 1, 1, 0, 1},
     .expected = {4, 2, 6}},
    {.name = "LargePadding",
     .x = {1, 2, 3, 3},
     .weight = {2, 2, 2, 2},
     .pads = {3, 3, 3, 3},
     .expected = {8, 8}},
    {.name = "WholeImage", .x = {2, 8, 5, 5}, .weight = {16, 8, 5, 5}, .expected = {1, 1}},
    {.name = "Transposed", .x = {2, 3, 4, 5}, .weight = {3, 4, 3, 3}, .transposed = true, .expected = {6, 7}},
    {.name = "TransposedStrided",
     .x = {1, 8, 4, 4},
     .weight = {8, 16, 2, 2},
     .strides = {2, 2},
     .bias = false,
     .transposed = true,
     .expected = {8, 8}},
    {.name = "TransposedPadded",
     .x = {1, 4, 5, 4},
     .weight = {4, 3, 3, 4},
     .strides = {2, 3},
     .pads = {1, 2, 0, 1},
     .transposed = true,
     .expected = {10, 10}},
    {.name = "TransposedOutputPadding",
     .x = {1, 3, 3, 3},
     .weight = {3, 2, 3, 3},
     .strides = {2, 2},
     .pads = {1, 1, 1, 1},
     .transposed = true,
     .outputPadding = {1, 1},
     .expected = {6, 6}},
    {.name = "TransposedOutputShape",
     .x = {1, 1, 3, 3},
     .weight = {1, 2, 3, 3},
     .strides = {3, 2},
     .pads = {0, 0, 0, 0},
     .transposed = true,
     .outputShape = {10, 8},
     .expected = {10, 8}},
    {.name = "TransposedSmallerShape",
     .x = {1, 2, 4, 4},
     .weight = {2, 2, 4, 4},
     .strides = {2, 2},
     .pads = {2, 2, 1, 1},
     .transposed = true,
     .outputShape = {7, 7},
     .expected = {7, 7}},
    {.name = "TransposedSameUpper",
     .x = {1, 2, 4, 4},
     .weight = {2, 2, 3, 3},
     .strides = {2, 2},
     .pads = {0, 0, 1, 1},
     .autoPad = "SAME_UPPER",
     .transposed = true,
     .expected = {8, 8}},
    {.name = "TransposedGrouped",
     .x = {2, 6, 4, 4},
     .weight = {6, 2, 3, 3},
     .group = 3,
     .strides = {2, 1},
     .transposed = true,
     .expected = {9, 6}},
    {.name = "TransposedDilated",
     .x = {1, 2, 4, 4},
     .weight = {2, 3, 2, 2},
     .dilations = {2, 2},
     .pads = {1, 1, 1, 1},
     .transposed = true,
     .expected = {4, 4}},
    {.name = "TransposedOneDimension",
     .x = {2, 3, 5},
     .weight = {3, 2, 3},
     .strides = {2},
     .pads = {1, 0},
     .transposed = true,
     .expected = {10}},
    {.name = "TransposedThreeDimensions",
     .x = {1, 2, 2, 3, 2},
     .weight = {2, 2, 2, 2, 3},
     .strides = {2, 1, 1},
     .transposed = true,
     .expected = {4, 4, 4}},
};

Node nodeOf(const ConvCase& row, const std::vector<Tensor>& inputs) {
  ConvCase given = row;
  if (!row.autoPad.empty() || !row.outputShape.empty()) given.pads.clear();
  return makeNode(row.transposed ? "ConvTranspose" : "Conv", inputs, attributesOf(given));
}

class Convolution : public ::testing::TestWithParam<ConvCase> {};

TEST_P(Convolution, MatchesLoops) {
  const ConvCase& row = GetParam();
  const auto inputs = tensorsOf(row);
  const auto outputs = runNode(nodeOf(row, inputs), inputs);
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_TRUE(isClose(outputs[0], reference(row, inputs, leadingPads(row)), 1e-5, 2e-5));
}

TEST_P(Convolution, GradientMatchesDifferences) {
  const ConvCase& row = GetParam();
  const auto inputs = tensorsOf(row);
  const Node node = nodeOf(row, inputs);
  checkGradients({.name = row.name,
                  .type = node.opType,
                  .inputs = inputs,
                  .attributes = node.attributes,
                  .tolerance = 2e-2,
                  .step = 5e-2f});
}

/// What Fusion means, one step after the other, in plain loops.
Tensor withFusion(const Tensor& result, const Fusion& fusion) {
  TensorBuilder builder(DType::Float32, result.shape());
  const auto out = builder.as<float>();
  const std::int64_t channels = result.shape()[1], positions = result.size() / result.shape()[0] / channels;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto c = static_cast<std::size_t>(static_cast<std::int64_t>(i) / positions % channels);
    float v = result.as<float>()[i];
    if (fusion.channelScale.defined()) v *= fusion.channelScale.as<float>()[c];
    if (fusion.channelShift.defined()) v += fusion.channelShift.as<float>()[c];
    if (fusion.residual.defined()) v += toPlain(fusion.residual).as<float>()[i];
    switch (fusion.activation) {
      case FusedActivation::None:
        break;
      case FusedActivation::Relu:
        v = std::max(v, 0.0f);
        break;
      case FusedActivation::LeakyRelu:
        v = v < 0 ? v * fusion.alpha : v;
        break;
      case FusedActivation::Clip:
        v = std::min(std::max(v, fusion.alpha), fusion.beta);
        break;
      case FusedActivation::Sigmoid:
        v = 1 / (1 + std::exp(-v));
        break;
      case FusedActivation::Tanh:
        v = std::tanh(v);
        break;
      case FusedActivation::HardSwish:
        v *= std::min(std::max(v / 6 + 0.5f, 0.0f), 1.0f);
        break;
      case FusedActivation::Gelu:
        v *= 0.5f * (1 + std::erf(v / std::sqrt(2.0f)));
        break;
    }
    out[i] = v;
  }
  return std::move(builder).build();
}

Tensor runFused(const Node& node, const std::vector<Tensor>& inputs, const Fusion& fusion) {
  const auto given = activations(inputs);
  OpCall call{node, 17, given};
  call.fusion = &fusion;
  return toPlain(findOp("", node.opType)->forward(call).at(0));
}

TEST_P(Convolution, FusesWhatFollows) {
  const ConvCase& row = GetParam();
  const auto inputs = tensorsOf(row);
  const Node node = nodeOf(row, inputs);
  const Tensor bare = runNode(node, inputs).at(0);
  for (int activation = 0; activation <= static_cast<int>(FusedActivation::Gelu); ++activation)
    for (const int parts : {0, 1, 2, 3}) {
      Fusion fusion;
      fusion.activation = static_cast<FusedActivation>(activation);
      fusion.alpha = fusion.activation == FusedActivation::Clip ? -0.3f : 0.1f;
      fusion.beta = 0.8f;
      if (parts & 1) {
        fusion.channelScale = randomTensor({outChannels(row)}, 5, 0.5f, 2);
        fusion.channelShift = randomTensor({outChannels(row)}, 6);
      }
      if (parts & 2) fusion.residual = randomTensor(bare.shape(), 7);
      EXPECT_TRUE(isClose(runFused(node, inputs, fusion), withFusion(bare, fusion), 1e-4, 1e-4))
          << "activation " << activation << " parts " << parts;
    }
}

INSTANTIATE_TEST_SUITE_P(Table, Convolution, ::testing::ValuesIn(convCases),
                         [](const auto& row) { return row.param.name; });

TEST(ConvTest, KeepsBlockedLayoutBetweenConvolutionsAndPadsWithZeros) {
  const Tensor x = randomTensor({2, 16, 8, 8}, 1), w = randomTensor({20, 16, 3, 3}, 2),
               v = randomTensor({7, 20, 3, 3}, 3);
  const Node first = makeNode("Conv", {x, w}), second = makeNode("Conv", {x, v});
  const auto given = activations({x, w});
  Fusion fusion;
  fusion.activation = FusedActivation::Sigmoid;  // of zero is not zero: padded channels must stay zero
  OpCall call{first, 17, given};
  call.fusion = &fusion;
  const Activation between = findOp("", "Conv")->forward(call).at(0);
  EXPECT_NE(between.layout, nullptr);
  EXPECT_EQ(between.shape, (Shape{2, 20, 6, 6}));
  const std::vector<Activation> next{between, Activation(v)};
  const Tensor blocked = toPlain(findOp("", "Conv")->forward(OpCall{second, 17, next}).at(0));
  EXPECT_TRUE(isClose(blocked, runNode(second, {toPlain(between), v}).at(0), 1e-5, 1e-5));
}

TEST(ConvTest, LeavesTheResidualAlone) {
  const Tensor x = randomTensor({1, 16, 6, 6}, 1), w = randomTensor({16, 16, 3, 3}, 2);
  const Node node = makeNode("Conv", {x, w}, {{"pads", ints({1, 1, 1, 1})}});
  const auto given = activations({x, w});
  Fusion fusion;
  fusion.residual = findOp("", "Conv")->forward(OpCall{node, 17, given}).at(0);
  const Tensor before = toPlain(fusion.residual);
  runFused(node, {x, w}, fusion);
  EXPECT_TRUE(isClose(toPlain(fusion.residual), before, 0, 0));
}

TEST(ConvTest, ComputesOtherFloatingTypes) {
  const Tensor x = randomTensor({1, 2, 4, 4}, 1), w = randomTensor({3, 2, 3, 3}, 2);
  const Tensor expected = runOne("Conv", {x, w});
  const Tensor twice = runOne("Conv", {convert(x, DType::Float64), convert(w, DType::Float64)});
  EXPECT_TRUE(isClose(twice, convert(expected, DType::Float64), 1e-6));
}

TEST(ConvTest, EmptyBatchGivesEmptyOutput) {
  EXPECT_EQ(runOne("Conv", {randomTensor({0, 2, 4, 4}, 1), randomTensor({3, 2, 3, 3}, 2)}).shape(),
            (Shape{0, 3, 2, 2}));
}

TEST(ConvTest, NamesWhatDoesNotFit) {
  const Tensor x = randomTensor({1, 4, 5, 5}, 1), w = randomTensor({6, 4, 3, 3}, 2);
  const auto conv = [&](Tensor data, Tensor weight, Attributes attributes = {}) {
    return [=] { runOne("Conv", {data, weight}, attributes); };
  };
  expectError(conv(randomTensor({1, 3, 5, 5}, 1), w),
              "has 3 channels, but the weight of shape 6x4x3x3 takes 4");
  expectError(conv(x, w, {{"group", number(4)}}), "does not divide 6 channels");
  expectError(conv(x, w, {{"kernel_shape", ints({3, 2})}}), "kernel_shape is 3x2");
  expectError(conv(x, w, {{"pads", ints({1, 1, 1})}}), "pads has 3 values, 4 expected");
  expectError(conv(x, w, {{"pads", ints({1 << 24, 1 << 24, 1 << 24, 1 << 24})}}), "larger than");
  expectError(conv(randomTensor({1, 4}, 1), w), "at least one spatial dimension");
  expectError(conv(randomTensor({1, 4, 2, 2}, 1), w), "does not fit");
  expectError(
      [&] {
        runOne("Conv", {x, w, randomTensor({5}, 1)});
      },
      "the bias has 5 values for 6 output channels");
  expectError([&] { runOne("ConvTranspose", {x, w}); }, "takes 6");
}

TEST(ConvTest, CountsMultiplyAdds) {
  const Tensor x = randomTensor({2, 3, 8, 8}, 1), w = randomTensor({4, 3, 3, 3}, 2);
  const Node node = makeNode("Conv", {x, w});
  const Shape in[] = {x.shape(), w.shape()}, out[] = {{2, 4, 6, 6}};
  EXPECT_DOUBLE_EQ(costOf(*findOp("", "Conv"), node, in, out).flops, 2.0 * 2 * 4 * 6 * 6 * 3 * 9);
}

}  // namespace
}  // namespace lapidary::core::testing
