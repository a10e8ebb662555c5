// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes that are layers, what they are called, and how their weights lie.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/model/model_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> namesOf(const std::vector<Layer>& layers) {
  std::vector<std::string> names;
  for (const Layer& layer : layers) names.push_back(layer.name);
  return names;
}

Layer only(const ModelBuilder& builder) {
  const auto layers = findLayers(builder.graph);
  EXPECT_EQ(layers.size(), 1u);
  return layers.empty() ? Layer{} : layers[0];
}

TEST(Layers, ChannelAxisFollowsTheOperator) {
  struct Case {
    std::string op;
    Shape shape;
    std::size_t input;
    std::int64_t transB;
    int axis;
  };
  for (const Case& c : std::vector<Case>{{"Conv", {8, 4, 3, 3}, 1, 0, 0},
                                         {"ConvTranspose", {4, 8, 3, 3}, 1, 0, 1},
                                         {"Gemm", {4, 8}, 1, 0, 1},
                                         {"Gemm", {8, 4}, 1, 1, 0},
                                         {"MatMul", {2, 4, 8}, 1, 0, 2},
                                         {"MatMul", {2, 8, 4}, 0, 0, 1}}) {
    ModelBuilder b;
    b.input("x").constant("w", counting(c.shape));
    Node& node = c.input == 1 ? b.node(c.op, {"x", "w"}, {"y"}, "n") : b.node(c.op, {"w", "x"}, {"y"}, "n");
    if (c.transB != 0) node.attributes["transB"] = c.transB;
    const Layer layer = only(b);
    EXPECT_EQ(layer.channelAxis, c.axis) << c.op;
    EXPECT_EQ(layer.shape, c.shape);
    EXPECT_EQ(layer.opType, c.op);
    EXPECT_EQ(layer.name, "n");
    EXPECT_EQ(layer.parameters(), elementCount(c.shape));
  }
}

TEST(Layers, Biases) {
  ModelBuilder b;
  b.input("x")
      .constant("w", counting({8, 4}))
      .constant("b", counting({8}))
      .constant("m", counting({8, 6}))
      .constant("c", counting({6}));
  b.node("Gemm", {"x", "w", "b"}, {"y"}, "g").attributes["transB"] = std::int64_t{1};
  b.node("MatMul", {"y", "m"}, {"p"}, "m");
  b.node("Add", {"c", "p"}, {"q"});
  const auto layers = findLayers(b.graph);
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].bias, b.value("b"));
  EXPECT_EQ(layers[1].bias, b.value("c"));
}

TEST(Layers, AnAddThatIsNoBias) {
  ModelBuilder b;
  b.input("x").constant("m", counting({8, 6})).constant("c", counting({8, 6}));
  b.node("MatMul", {"x", "m"}, {"p"});
  b.node("Add", {"p", "c"}, {"q"});
  EXPECT_FALSE(only(b).bias.valid());
}

TEST(Layers, NamesAreUnique) {
  ModelBuilder b;
  b.input("x")
      .constant("fc.weight", counting({4, 4}))
      .constant("a", counting({4, 4}))
      .constant("b", counting({4, 4}));
  b.node("MatMul", {"x", "fc.weight"}, {"1"});
  b.node("MatMul", {"1", "a"}, {"2"}, "same");
  b.node("MatMul", {"2", "b"}, {"3"}, "same");
  EXPECT_THAT(namesOf(findLayers(b.graph)), ElementsAre("fc", "same", "same_2"));
}

TEST(Layers, ASharedWeightIsOneLayer) {
  ModelBuilder b;
  b.input("x").constant("w", counting({4, 4}));
  b.node("MatMul", {"x", "w"}, {"1"}, "first");
  b.node("MatMul", {"1", "w"}, {"2"}, "second");
  EXPECT_EQ(only(b).name, "first");
}

TEST(Layers, RecurrentNodesHaveTwo) {
  ModelBuilder b;
  b.input("x")
      .constant("W", counting({1, 16, 3}))
      .constant("R", counting({1, 16, 4}))
      .constant("B", counting({1, 32}));
  b.node("LSTM", {"x", "W", "R", "B"}, {"y"}, "lstm");
  const auto layers = findLayers(b.graph);
  EXPECT_THAT(namesOf(layers), ElementsAre("lstm.W", "lstm.R"));
  EXPECT_EQ(layers[0].channelAxis, 1);
  EXPECT_EQ(layers[0].bias, b.value("B"));
}

TEST(Layers, EmbeddingsAreLargeFloatingTables) {
  for (const auto& [rows, expected] : {std::pair<std::int64_t, std::size_t>{100, 1}, {4, 0}}) {
    ModelBuilder b;
    b.input("ids").constant("table", counting({rows, 8}));
    b.node("Gather", {"table", "ids"}, {"y"});
    EXPECT_EQ(findLayers(b.graph).size(), expected);
  }
  ModelBuilder b;
  b.input("ids").constant("shape", convert(counting({100, 8}), DType::Int64));
  b.node("Gather", {"shape", "ids"}, {"y"});
  EXPECT_TRUE(findLayers(b.graph).empty());
}

TEST(Layers, TablesOfScalesAreNoEmbeddings) {
  ModelBuilder b;
  b.input("x").constant("scales", counting({64, 8}));
  b.constant("blocks", convert(counting({64}), DType::Int32)).constant("w", counting({64, 8}));
  b.node("Gather", {"scales", "blocks"}, {"spread"});
  b.node("Mul", {"w", "spread"}, {"scaled"});
  b.node("MatMul", {"x", "scaled"}, {"y"}, "product");
  EXPECT_THAT(namesOf(findLayers(b.graph)), ElementsAre("product"));
  // A table whose lines reach an activation is one, whatever picks them.
  b.node("Add", {"y", "spread"}, {"z"});
  EXPECT_EQ(findLayers(b.graph).size(), 2u);
}

TEST(Layers, NodesOfOtherDomainsAndComputedOperandsAreNone) {
  ModelBuilder b;
  b.input("x").input("z").constant("w", counting({4, 4}));
  b.node("MatMul", {"x", "z"}, {"1"});
  b.node("MatMul", {"1", "w"}, {"2"}).domain = "my.ops";
  b.node("Conv", {"1", "z"}, {"3"});
  EXPECT_TRUE(findLayers(b.graph).empty());
}

TEST(Layers, WeightsReachedThroughConversions) {
  ModelBuilder b;
  b.input("x")
      .constant("q", Tensor::from<std::int8_t>({2, 3}, {1, 2, 3, -4, 5, 6}))
      .constant("s", Tensor::from<float>({2}, {0.5f, 2.0f}));
  b.node("DequantizeLinear", {"q", "s"}, {"d"}).attributes["axis"] = std::int64_t{0};
  b.node("Transpose", {"d"}, {"t"});
  b.node("Identity", {"t"}, {"i"});
  b.node("MatMul", {"x", "i"}, {"y"}, "fc");
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].weight, b.value("i"));
  EXPECT_EQ(model.layers[0].shape, (Shape{3, 2}));
  EXPECT_THAT(layerWeight(model, model.layers[0]).as<float>(), ElementsAre(0.5f, -8, 1, 10, 1.5f, 12));
}

TEST(Layers, HalfPrecisionAndConstantNodesCount) {
  ModelBuilder b;
  b.input("x");
  b.node("Constant", {}, {"c"}).attributes["value"] = convert(counting({2, 2}), DType::Float16);
  b.node("MatMul", {"x", "c"}, {"y"});
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].name, "c");
  EXPECT_THAT(layerWeight(model, model.layers[0]).as<float>(), ElementsAre(1, 2, 3, 4));
}

TEST(Layers, AnOverriddenWeightIsWhatTheModelSays) {
  ModelBuilder b;
  b.input("x").constant("w", counting({2, 2}));
  b.node("MatMul", {"x", "w"}, {"y"});
  Model model = b.model();
  model.weights[model.layers[0].weight] = Tensor::from<float>({2, 2}, {0, 0, 0, 9});
  EXPECT_THAT(layerWeight(model, model.layers[0]).as<float>(), ElementsAre(0, 0, 0, 9));
}

TEST(Layers, WithoutAGraphEveryFloatingArrayIsOne) {
  ModelBuilder b;
  b.constant("a", counting({3}))
      .constant("steps", Tensor::from<std::int64_t>({1}, {5}))
      .constant("scalar", Tensor::scalar(1.0f));
  b.constant("b.weight", convert(counting({2, 2}), DType::BFloat16));
  const auto layers = findLayers(b.graph);
  EXPECT_THAT(namesOf(layers), ElementsAre("a", "b.weight"));
  EXPECT_EQ(layers[1].opType, "Tensor");
  EXPECT_FALSE(layers[1].node.valid());
}

}  // namespace
}  // namespace lapidary::core::testing
