// SPDX-License-Identifier: GPL-3.0-or-later
// Normalising operators against naiveNormalization sums in double, their layouts, damaged parameters, and
// gradients.
#include <gtest/gtest.h>

#include "core/ops/kernels/channel_blocks.h"
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core {
namespace {

using testing::Attributes;
using testing::expectError;
using testing::GradientCase;
using testing::ints;
using testing::isClose;
using testing::makeNode;
using testing::number;
using testing::randomTensor;
using testing::runOne;
using testing::runOp;
using testing::valueAt;

/// y = (x - mean) / sqrt(var + epsilon) * scale + bias over groups of elements. `group` names the
/// elements that share moments, `parameter` which scale and bias an element has.
template <class Group, class Parameter>
Tensor naiveNormalization(const Tensor& x, std::int64_t groups, Group&& group, Parameter&& parameter,
                          const Tensor& scale, const Tensor& bias, double epsilon) {
  std::vector<double> sum(static_cast<std::size_t>(groups), 0), squares(sum.size(), 0), count(sum.size(), 0);
  const auto g = [&](std::int64_t i) { return static_cast<std::size_t>(group(i)); };
  for (std::int64_t i = 0; i < x.size(); ++i) {
    sum[g(i)] += valueAt(x, i);
    count[g(i)] += 1;
  }
  for (std::int64_t i = 0; i < x.size(); ++i)
    squares[g(i)] += std::pow(valueAt(x, i) - sum[g(i)] / count[g(i)], 2);
  TensorBuilder y(DType::Float32, x.shape());
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const double xhat =
        (valueAt(x, i) - sum[g(i)] / count[g(i)]) / std::sqrt(squares[g(i)] / count[g(i)] + epsilon);
    y.as<float>()[static_cast<std::size_t>(i)] =
        static_cast<float>(xhat * (scale.defined() ? valueAt(scale, parameter(i)) : 1) +
                           (bias.defined() ? valueAt(bias, parameter(i)) : 0));
  }
  return std::move(y).build();
}

std::int64_t spatialOf(const Shape& shape) {
  std::int64_t size = 1;
  for (std::size_t d = 2; d < shape.size(); ++d) size *= shape[d];
  return size;
}

std::vector<Tensor> batchNormInputs(const Shape& shape, unsigned seed) {
  const Shape c{shape[1]};
  return {randomTensor(shape, seed), randomTensor(c, seed + 1), randomTensor(c, seed + 2),
          randomTensor(c, seed + 3), randomTensor(c, seed + 4, 0.2f, 2)};
}

TEST(BatchNormalization, MatchesItsDefinitionInEveryLayout) {
  using Tag = dnnl::memory::format_tag;
  for (const Shape& shape :
       {Shape{2, 3, 4, 5}, Shape{1, 13, 7, 3}, Shape{3, 16, 2, 2}, Shape{4, 6}, Shape{2, 5, 9}}) {
    const auto inputs = batchNormInputs(shape, 20);
    TensorBuilder expected(DType::Float32, shape);
    for (std::int64_t i = 0; i < expected.size(); ++i) {
      const std::int64_t c = i / spatialOf(shape) % shape[1];
      expected.as<float>()[static_cast<std::size_t>(i)] =
          static_cast<float>((valueAt(inputs[0], i) - valueAt(inputs[3], c)) /
                                 std::sqrt(valueAt(inputs[4], c) + 1e-3) * valueAt(inputs[1], c) +
                             valueAt(inputs[2], c));
    }
    const Tensor y = std::move(expected).build();
    const Attributes attributes{{"epsilon", 1e-3f}};
    for (const std::int64_t opset : {7, 9, 14, 15})
      EXPECT_TRUE(isClose(runOne("BatchNormalization", inputs, attributes, opset), y, 1e-4, 1e-5));
    if (shape.size() != 4) continue;
    for (const Tag tag : {Tag::nChw8c, Tag::nChw16c, Tag::nhwc}) {
      const Node node = makeNode("BatchNormalization", inputs, attributes);
      std::vector<Activation> given = testing::activations(inputs);
      given[0] = reordered(
          given[0], {dnnl::memory::dims(shape.begin(), shape.end()), dnnl::memory::data_type::f32, tag});
      const Activation out =
          findOp("", "BatchNormalization")->forward(OpCall{.node = node, .opset = 15, .inputs = given}).at(0);
      EXPECT_TRUE(isClose(toPlain(out), y, 1e-4, 1e-5)) << toText(shape);
      EXPECT_EQ(out.layout != nullptr, tag != Tag::nhwc);
    }
  }
}

TEST(BatchNormalization, UsesTheBatchInTrainingMode) {
  const Shape shape{3, 4, 5, 2};
  const auto inputs = batchNormInputs(shape, 30);
  const auto channel = [](std::int64_t i) { return i / 10 % 4; };
  const auto outputs =
      runOp("BatchNormalization", inputs, {{"training_mode", number(1)}, {"momentum", 0.75f}}, 15, 3);
  ASSERT_EQ(outputs.size(), 3u);
  EXPECT_TRUE(isClose(outputs[0],
                      naiveNormalization(inputs[0], 4, channel, channel, inputs[1], inputs[2], 1e-5), 1e-4,
                      1e-5));
  double sum = 0;
  for (std::int64_t i = 0; i < inputs[0].size(); ++i) sum += channel(i) == 2 ? valueAt(inputs[0], i) : 0;
  EXPECT_NEAR(valueAt(outputs[1], 2), 0.75 * valueAt(inputs[3], 2) + 0.25 * sum / 30, 1e-5);
}

struct LayerCase {
  Shape shape;
  std::int64_t axis;
  std::size_t counted;
};
const LayerCase layerTable[] = {{{4, 7}, -1, 1},   {{2, 3, 64}, 2, 2},    {{2, 3, 5}, 1, 1},
                                {{2, 3, 5}, 0, 0}, {{2, 3, 4, 5}, -2, 2}, {{50, 384}, 1, 1},
                                {{3, 1}, -1, 1}};

TEST(LayerNormalization, MatchesItsDefinition) {
  for (const LayerCase& row : layerTable) {
    const Shape rest(row.shape.begin() + static_cast<std::ptrdiff_t>(row.counted), row.shape.end());
    const std::int64_t length = elementCount(rest);
    const Tensor x = randomTensor(row.shape, 40, -3, 5), scale = randomTensor(rest, 41),
                 bias = randomTensor(rest, 42);
    const auto group = [&](std::int64_t i) { return i / length; };
    const auto parameter = [&](std::int64_t i) { return i % length; };
    const Attributes attributes{{"axis", number(row.axis)}, {"epsilon", 1e-3f}};
    const auto outputs = runOp("LayerNormalization", {x, scale, bias}, attributes, 17, 3);
    EXPECT_TRUE(isClose(outputs[0],
                        naiveNormalization(x, x.size() / length, group, parameter, scale, bias, 1e-3), 1e-4,
                        1e-5))
        << toText(row.shape);
    EXPECT_TRUE(isClose(runOne("LayerNormalization", {x, scale}, attributes),
                        naiveNormalization(x, x.size() / length, group, parameter, scale, {}, 1e-3), 1e-4,
                        1e-5));
    ASSERT_EQ(outputs[1].size(), x.size() / length);
    ASSERT_EQ(outputs[1].rank(), x.rank());
    double mean = 0, variance = 0;
    for (std::int64_t i = 0; i < length; ++i) mean += valueAt(x, i) / static_cast<double>(length);
    for (std::int64_t i = 0; i < length; ++i)
      variance += std::pow(valueAt(x, i) - mean, 2) / static_cast<double>(length);
    EXPECT_NEAR(valueAt(outputs[1], 0), mean, 1e-5);
    EXPECT_NEAR(valueAt(outputs[2], 0) * std::sqrt(variance + 1e-3), 1, 1e-4);
  }
}

TEST(LayerNormalization, BroadcastsItsParameters) {
  const Tensor x = randomTensor({2, 3, 4}, 1), scale = randomTensor({4}, 2);
  TensorBuilder whole(DType::Float32, {3, 4});
  for (std::size_t i = 0; i < 12; ++i) whole.as<float>()[i] = scale.as<float>()[i % 4];
  const Attributes attributes{{"axis", number(1)}};
  EXPECT_TRUE(isClose(runOne("LayerNormalization", {x, scale}, attributes),
                      runOne("LayerNormalization", {x, std::move(whole).build()}, attributes)));
  expectError([&] { runOne("LayerNormalization", {x, randomTensor({5}, 1)}, attributes); }, "broadcast");
  expectError([&] { runOne("LayerNormalization", {x, scale}, {{"axis", number(3)}}); }, "axis 3");
  expectError([&] { runOne("LayerNormalization", {x}, {}); }, "input 1");
  expectError([&] { runOne("LayerNormalization", {x, scale}, {{"epsilon", -1.0f}}); }, "epsilon");
}

TEST(RMSNormalization, MatchesItsDefinition) {
  const Tensor x = randomTensor({3, 5}, 1), scale = randomTensor({5}, 2);
  const Tensor y = runOne("RMSNormalization", {x, scale}, {{"epsilon", 1e-2f}}, 23);
  for (std::int64_t i = 0; i < 15; ++i) {
    double squares = 0;
    for (std::int64_t k = 0; k < 5; ++k) squares += std::pow(valueAt(x, i / 5 * 5 + k), 2);
    EXPECT_NEAR(valueAt(y, i), valueAt(x, i) / std::sqrt(squares / 5 + 1e-2) * valueAt(scale, i % 5), 1e-5);
  }
}

TEST(GroupNormalization, MatchesItsDefinition) {
  const Shape shape{2, 6, 3, 5};
  const Tensor x = randomTensor(shape, 50, -2, 3), scale = randomTensor({6}, 51),
               bias = randomTensor({6}, 52);
  const auto channel = [](std::int64_t i) { return i / 15 % 6; };
  for (const std::int64_t groups : {1, 2, 3, 6}) {
    const std::int64_t perGroup = 6 / groups;
    const auto group = [&](std::int64_t i) { return i / (15 * perGroup); };
    const Attributes attributes{{"num_groups", number(groups)}, {"epsilon", 1e-2f}};
    EXPECT_TRUE(isClose(runOne("GroupNormalization", {x, scale, bias}, attributes, 21),
                        naiveNormalization(x, 2 * groups, group, channel, scale, bias, 1e-2), 1e-4, 1e-5))
        << groups;
    const Tensor gs = randomTensor({groups}, 53), gb = randomTensor({groups}, 54);
    const auto ofGroup = [&](std::int64_t i) { return channel(i) / perGroup; };
    EXPECT_TRUE(isClose(runOne("GroupNormalization", {x, gs, gb}, attributes, 18),
                        naiveNormalization(x, 2 * groups, group, ofGroup, gs, gb, 1e-2), 1e-4, 1e-5))
        << groups;
  }
  const auto plane = [](std::int64_t i) { return i / 15; };
  EXPECT_TRUE(isClose(runOne("InstanceNormalization", {x, scale, bias}),
                      naiveNormalization(x, 12, plane, channel, scale, bias, 1e-5), 1e-4, 1e-5));
}

TEST(Normalization, RefusesDamagedParameters) {
  const Tensor x = randomTensor({2, 6, 3}, 1), six = randomTensor({6}, 2), four = randomTensor({4}, 3);
  expectError([&] { runOne("GroupNormalization", {x, six, six}, {}, 21); }, "num_groups is 0");
  expectError(
      [&] {
        runOne("GroupNormalization", {x, six, six}, {{"num_groups", number(4)}}, 21);
      },
      "does not divide");
  expectError(
      [&] {
        runOne("GroupNormalization", {x, four, six}, {{"num_groups", number(2)}}, 21);
      },
      "4 values for 6 channels");
  expectError([&] { runOne("InstanceNormalization", {x, six, four}); }, "4 values for 6 channels");
  expectError([&] { runOne("InstanceNormalization", {six, six, six}); }, "N x C x spatial");
  expectError(
      [&] {
        runOne("BatchNormalization", {x, six, six, four, six});
      },
      "input 3 (mean): has 4 values for 6 channels");
  expectError([&] { runOne("BatchNormalization", {x, six, six}); }, "input 3 (mean): is missing");
  expectError([&] { runOne("BatchNormalization", {six, six, six, six, six}); }, "N x C");
  expectError([&] { runOp("BatchNormalization", {x, six, six, six, six}, {}, 9, 3); }, "training mode");
  expectError(
      [&] {
        runOne("BatchNormalization", {x, six, six, six, six}, {{"spatial", number(0)}}, 7);
      },
      "input 1 (scale): has 6 values for");
  expectError([&] { runOne("LRN", {x}, {{"size", number(0)}}); }, "size is 0");
  expectError([&] { runOne("LRN", {six}, {{"size", number(3)}}); }, "dimensions");
  expectError([&] { runOne("LpNormalization", {x}, {{"p", number(3)}}); }, "p is 3");
  expectError([&] { runOne("MeanVarianceNormalization", {x}, {{"axes", ints({0, 7})}}); }, "axis 7");
}

TEST(LRN, MatchesItsDefinition) {
  const Tensor x = randomTensor({2, 7, 3, 4}, 60, -2, 2);
  for (const std::int64_t size : {1, 2, 3, 5, 20})
    for (const float beta : {0.75f, 0.5f}) {
      const Tensor y =
          runOne("LRN", {x}, {{"size", number(size)}, {"alpha", 0.3f}, {"beta", beta}, {"bias", 2.0f}});
      for (std::int64_t i = 0; i < x.size(); ++i) {
        const std::int64_t c = i / 12 % 7;
        double sum = 0;
        for (std::int64_t k = std::max<std::int64_t>(0, c - (size - 1) / 2);
             k <= std::min<std::int64_t>(6, c + size / 2); ++k)
          sum += std::pow(valueAt(x, i + (k - c) * 12), 2);
        ASSERT_NEAR(
            valueAt(y, i),
            valueAt(x, i) / std::pow(2 + 0.3 / static_cast<double>(size) * sum, static_cast<double>(beta)),
            1e-5)
            << size;
      }
    }
}

TEST(LpNormalization, MakesUnitNorms) {
  const Tensor x = randomTensor({2, 3, 4}, 70);
  for (const std::int64_t p : {1, 2}) {
    const Tensor y = runOne("LpNormalization", {x}, {{"axis", number(1)}, {"p", number(p)}});
    for (std::int64_t o = 0; o < 2; ++o)
      for (std::int64_t i = 0; i < 4; ++i) {
        double norm = 0;
        for (std::int64_t k = 0; k < 3; ++k)
          norm += std::pow(std::abs(valueAt(x, o * 12 + k * 4 + i)), static_cast<double>(p));
        norm = std::pow(norm, 1.0 / static_cast<double>(p));
        for (std::int64_t k = 0; k < 3; ++k)
          EXPECT_NEAR(valueAt(y, o * 12 + k * 4 + i), valueAt(x, o * 12 + k * 4 + i) / norm, 1e-5);
      }
  }
  EXPECT_EQ(valueAt(runOne("LpNormalization", {testing::floats({2}, {0, 0})}), 0), 0.0);
}

TEST(MeanVarianceNormalization, MatchesItsDefinition) {
  const Tensor x = randomTensor({2, 3, 4, 5}, 80, -1, 4);
  const auto channel = [](std::int64_t i) { return i / 20 % 3; };
  EXPECT_TRUE(isClose(runOne("MeanVarianceNormalization", {x}),
                      naiveNormalization(x, 3, channel, channel, {}, {}, 0), 1e-4, 1e-5));
  const auto column = [](std::int64_t i) { return i / 60 * 20 + i % 20; };
  EXPECT_TRUE(isClose(runOne("MeanVarianceNormalization", {x}, {{"axes", ints({1})}}),
                      naiveNormalization(x, 40, column, column, {}, {}, 0), 1e-4, 1e-5));
}

TEST(NormalizationGradients, MatchFiniteDifferences) {
  for (const Shape& shape : {Shape{2, 3, 4, 2}, Shape{3, 5}})
    checkGradients(GradientCase{
        .name = "BatchNorm", .type = "BatchNormalization", .inputs = batchNormInputs(shape, 90)});
  for (const LayerCase& row : layerTable) {
    if (elementCount(row.shape) > 500 || row.shape.back() == 1) continue;
    const Shape rest(row.shape.begin() + static_cast<std::ptrdiff_t>(row.counted), row.shape.end());
    const Attributes attributes{{"axis", number(row.axis)}};
    checkGradients(
        GradientCase{.name = "LayerNorm",
                     .type = "LayerNormalization",
                     .inputs = {randomTensor(row.shape, 1), randomTensor(rest, 2), randomTensor(rest, 3)},
                     .attributes = attributes});
    checkGradients(GradientCase{.name = "LayerNormScale",
                                .type = "LayerNormalization",
                                .inputs = {randomTensor(row.shape, 1), randomTensor({row.shape.back()}, 2)},
                                .attributes = attributes});
  }
  const Tensor x = randomTensor({2, 6, 3, 2}, 4), six = randomTensor({6}, 5), bias = randomTensor({6}, 6);
  checkGradients(GradientCase{
      .name = "RootMeanSquare", .type = "SimplifiedLayerNormalization", .inputs = {x, randomTensor({2}, 5)}});
  checkGradients(GradientCase{.name = "Instance", .type = "InstanceNormalization", .inputs = {x, six, bias}});
  for (const std::int64_t groups : {1, 2, 3}) {
    const Attributes attributes{{"num_groups", number(groups)}};
    checkGradients(GradientCase{.name = "Group",
                                .type = "GroupNormalization",
                                .inputs = {x, six, bias},
                                .attributes = attributes,
                                .opset = 21});
    checkGradients(GradientCase{.name = "GroupOld",
                                .type = "GroupNormalization",
                                .inputs = {x, randomTensor({groups}, 7), randomTensor({groups}, 8)},
                                .attributes = attributes,
                                .opset = 18});
  }
}

}  // namespace
}  // namespace lapidary::core
