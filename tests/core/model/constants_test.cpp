// SPDX-License-Identifier: GPL-3.0-or-later
// Constants that nodes compute, dequantization, and edited weights put in the place of what computed them.
#include "core/model/constants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/model/dequantize.h"
#include "core/model/override.h"
#include "tests/core/model/model_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;

TEST(Dequantize, PerTensorPerChannelAndBlocked) {
  const Tensor codes = Tensor::from<std::int8_t>({2, 3}, {0, 1, 2, 3, 4, 5});
  EXPECT_THAT(dequantized(codes, Tensor::scalar(0.5f), Tensor::scalar<std::int8_t>(2), 1).as<float>(),
              ElementsAre(-1, -0.5f, 0, 0.5f, 1, 1.5f));
  EXPECT_THAT(dequantized(codes, Tensor::from<float>({2}, {1, 10}), {}, 0).as<float>(),
              ElementsAre(0, 1, 2, 30, 40, 50));
  EXPECT_THAT(dequantized(codes, Tensor::from<float>({3}, {1, 10, 100}), {}, -1).as<float>(),
              ElementsAre(0, 10, 200, 3, 40, 500));
  const Tensor blocks = Tensor::from<float>({2, 2}, {1, 10, 100, 1000});
  EXPECT_THAT(dequantized(codes, blocks, {}, 1, 2).as<float>(), ElementsAre(0, 1, 20, 300, 400, 5000));
  EXPECT_THROW(dequantized(codes, Tensor::from<float>({2}, {1, 10}), {}, 1), Error);
  EXPECT_THROW(dequantized(codes, Tensor::from<float>({2}, {1, 10}), {}, 5), Error);
}

TEST(Dequantize, OffsetsSpareTheZeroPointUnlessTheyCountEverywhere) {
  WeightEncoding encoding;
  encoding.codes = Tensor::from<std::uint8_t>({2, 2}, {0, 1, 5, 6});
  encoding.scale = Tensor::from<float>({2}, {1, 2});
  encoding.zeroPoint = Tensor::from<std::uint8_t>({2}, {0, 5});
  encoding.offset = Tensor::from<float>({2}, {0.5f, 0.25f});
  encoding.axis = 0;
  EXPECT_THAT(dequantized(encoding).as<float>(), ElementsAre(0, 1.5f, 0, 2.25f));
  encoding.offsetEverywhere = true;
  EXPECT_THAT(dequantized(encoding).as<float>(), ElementsAre(0.5f, 1.5f, 0.25f, 2.25f));
}

TEST(Constants, FoldThroughEveryConversion) {
  ModelBuilder b;
  b.constant("q", Tensor::from<std::int8_t>({1, 3}, {-1, 0, 2}))
      .constant("s", Tensor::scalar(2.0f))
      .constant("o", Tensor::from<float>({1, 1}, {0.5f}));
  b.node("DequantizeLinear", {"q", "s"}, {"d"});
  b.node("Sign", {"d"}, {"g"});
  b.node("Abs", {"g"}, {"a"});
  b.node("Mul", {"a", "o"}, {"m"});
  b.node("Add", {"d", "m"}, {"w"});
  b.node("Cast", {"w"}, {"h"}).attributes["to"] = std::int64_t{10};
  const auto info = constantInfo(b.graph, b.value("h"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->dtype, DType::Float16);
  EXPECT_EQ(info->shape, (Shape{1, 3}));
  EXPECT_EQ(info->root, b.value("q"));
  EXPECT_THAT(toFloat32(foldConstant(b.graph, {}, b.value("h"))).as<float>(), ElementsAre(-1.5f, 0, 4.5f));
}

TEST(Constants, CodesOfACodebookAreLookedUp) {
  ModelBuilder b;
  b.constant("q", Tensor::from<std::uint8_t>({4}, {2, 0, 1, 1}))
      .constant("table", Tensor::from<float>({3}, {-1, 0.5f, 4}))
      .constant("scale", Tensor::from<float>({2, 1}, {1, 10}))
      .constant("blocks", Tensor::from<std::int32_t>({2}, {0, -1}))
      .constant("columns", Tensor::from<float>({2, 2}, {1, 2, 3, 4}))
      .constant("shape", Tensor::from<std::int64_t>({2}, {2, 2}))
      .constant("wrong", Tensor::from<std::int64_t>({2}, {2, 3}))
      .constant("outside", Tensor::from<std::uint8_t>({1}, {3}));
  b.node("Cast", {"q"}, {"i"}).attributes["to"] = std::int64_t{6};
  b.node("Gather", {"table", "i"}, {"v"});
  b.node("Reshape", {"v", "shape"}, {"m"});
  b.node("Mul", {"m", "scale"}, {"w"});
  const auto info = constantInfo(b.graph, b.value("w"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->root, b.value("q"));
  EXPECT_EQ(info->shape, (Shape{2, 2}));
  EXPECT_THAT(foldConstant(b.graph, {}, b.value("w")).as<float>(), ElementsAre(4, -1, 5, 5));
  b.node("Gather", {"columns", "blocks"}, {"picked"}).attributes["axis"] = std::int64_t{1};
  EXPECT_THAT(foldConstant(b.graph, {}, b.value("picked")).as<float>(), ElementsAre(1, 2, 3, 4));
  b.node("Reshape", {"v", "wrong"}, {"bad"});
  EXPECT_FALSE(constantInfo(b.graph, b.value("bad")));
  b.node("Gather", {"table", "outside"}, {"far"});
  EXPECT_THROW(foldConstant(b.graph, {}, b.value("far")), Error);
}

TEST(Constants, SmallFilesDoNotUnfoldToGiants) {
  ModelBuilder b;
  b.constant("table", counting({1 << 15, 1})).constant("i", convert(counting({1 << 14}), DType::Int32));
  b.node("Gather", {"table", "i"}, {"giant"}).attributes["axis"] = std::int64_t{1};
  EXPECT_FALSE(constantInfo(b.graph, b.value("giant")));
}

TEST(Constants, BroadcastingFollowsTheAxes) {
  ModelBuilder b;
  b.constant("a", counting({2, 3}))
      .constant("rows", Tensor::from<float>({2, 1}, {10, 20}))
      .constant("columns", Tensor::from<float>({3}, {1, 2, 3}));
  b.node("Sub", {"rows", "a"}, {"p"});
  b.node("Mul", {"p", "columns"}, {"r"});
  EXPECT_THAT(foldConstant(b.graph, {}, b.value("r")).as<float>(), ElementsAre(9, 16, 21, 16, 30, 42));
}

TEST(Constants, WhatDependsOnAnInputIsNone) {
  ModelBuilder b;
  b.input("x").constant("w", counting({2}));
  b.node("Add", {"x", "w"}, {"y"});
  b.node("Relu", {"w"}, {"r"});
  EXPECT_FALSE(constantInfo(b.graph, b.value("x")));
  EXPECT_FALSE(constantInfo(b.graph, b.value("y")));
  EXPECT_FALSE(constantInfo(b.graph, b.value("r")));
  EXPECT_THROW(foldConstant(b.graph, {}, b.value("y")), Error);
}

TEST(Constants, EndlessChainsAreNotFollowed) {
  ModelBuilder b;
  b.constant("v0", counting({2}));
  for (int i = 0; i < 1000; ++i) b.node("Identity", {"v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
  EXPECT_TRUE(constantInfo(b.graph, b.value("v3")));
  EXPECT_FALSE(constantInfo(b.graph, b.value("v1000")));
}

TEST(Constants, ATransposeThatDoesNotFitIsNone) {
  ModelBuilder b;
  b.constant("w", counting({2, 3}));
  b.node("Transpose", {"w"}, {"bad"}).attributes["perm"] = std::vector<std::int64_t>{0, 0};
  b.node("Transpose", {"w"}, {"short"}).attributes["perm"] = std::vector<std::int64_t>{0};
  EXPECT_FALSE(constantInfo(b.graph, b.value("bad")));
  EXPECT_FALSE(constantInfo(b.graph, b.value("short")));
}

TEST(WithWeights, DropsOnlyWhatServedNothingElse) {
  ModelBuilder b;
  b.input("x")
      .constant("q", Tensor::from<std::int8_t>({2, 2}, {1, 2, 3, 4}))
      .constant("s", Tensor::scalar(1.0f))
      .constant("shared", Tensor::scalar(1.0f));
  b.node("Mul", {"s", "shared"}, {"scale"});
  b.node("DequantizeLinear", {"q", "scale"}, {"w"});
  b.node("MatMul", {"x", "w"}, {"y"});
  b.node("Add", {"y", "shared"}, {"z"});
  b.output("z");
  Model model = b.model();
  model.weights[b.value("w")] = counting({2, 2});
  const Graph graph = withWeights(model);
  ASSERT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.nodes[0].opType, "MatMul");
  EXPECT_FALSE(graph.initializers.contains(b.value("q")));
  EXPECT_FALSE(graph.initializers.contains(b.value("s")));
  EXPECT_TRUE(graph.initializers.contains(b.value("shared")));
  EXPECT_TRUE(graph.initializers.contains(b.value("w")));
  EXPECT_EQ(graph.value(b.value("y")).producer, NodeId{0});
  EXPECT_EQ(storedType(b.graph, b.value("w")), DType::Float32);
}

TEST(WithWeights, AProducerWithAnotherReaderStays) {
  ModelBuilder b;
  b.input("x").constant("a", counting({4, 2}));
  b.node("Split", {"a"}, {"u", "v"});
  b.node("MatMul", {"x", "u"}, {"y"});
  b.node("MatMul", {"y", "v"}, {"z"});
  b.output("z");
  Model model = b.model();
  model.weights[b.value("u")] = counting({2, 2});
  const Graph graph = withWeights(model);
  ASSERT_EQ(graph.nodes.size(), 3u);
  EXPECT_EQ(graph.value(graph.nodes[0].outputs[0]).name, "u_unedited");
  EXPECT_EQ(graph.nodes[1].inputs[1], b.value("u"));
}

TEST(WithWeights, AnUneditedModelIsItself) {
  ModelBuilder b;
  b.input("x").constant("w", counting({2, 2})).constant("unused", counting({3}));
  b.node("MatMul", {"x", "w"}, {"y"});
  b.output("y");
  const Graph graph = withWeights(b.model());
  EXPECT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.initializers.size(), 2u);
}

TEST(Graph, ConsumersIncludeWhatSubgraphsCapture) {
  ModelBuilder inner;
  inner.graph.captured.push_back(inner.value("outer"));
  inner.node("Relu", {"outer"}, {"r"});
  ModelBuilder b;
  b.input("c").input("outer");
  b.node("If", {"c"}, {"y"}, "choice").attributes["then_branch"] = std::make_shared<const Graph>(inner.graph);
  EXPECT_THAT(b.graph.consumers()[b.value("outer").index], ElementsAre(NodeId{0}));
  EXPECT_EQ(describe(b.graph, NodeId{0}), "node 0 'choice' (If)");
}

}  // namespace
}  // namespace lapidary::core::testing
