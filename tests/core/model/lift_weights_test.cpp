// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of subgraphs become initialisers of the outermost graph, and their nodes layers.
#include "core/model/lift_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/model/model_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> namesOf(const Graph& graph, const std::vector<ValueId>& ids) {
  std::vector<std::string> names;
  for (const ValueId id : ids) names.push_back(graph.value(id).name);
  return names;
}

std::vector<std::string> constantsOf(const Graph& graph) {
  std::vector<std::string> names;
  for (const auto& [id, tensor] : graph.initializers) names.push_back(graph.value(id).name);
  return names;
}

void capture(ModelBuilder& b, const std::string& name) { b.graph.captured.push_back(b.value(name)); }

std::shared_ptr<const Graph> shared(const ModelBuilder& b) { return std::make_shared<const Graph>(b.graph); }

Node& constantNode(ModelBuilder& b, const std::string& name, Tensor tensor) {
  Node& node = b.node("Constant", {}, {name});
  node.attributes["value"] = std::move(tensor);
  return node;
}

const Graph& inside(const Graph& graph, std::size_t node, const std::string& attribute) {
  return **graph.nodes.at(node).find<std::shared_ptr<const Graph>>(attribute);
}

TEST(LiftWeights, InitialisersAndConstantNodesMoveOut) {
  ModelBuilder branch;
  capture(branch, "x");
  branch.constant("w", counting({2, 2})).constant("shape", Tensor::from<std::int64_t>({1}, {4}));
  branch.constant("scalar", Tensor::scalar<float>(2));
  constantNode(branch, "v", counting({2, 3}));
  branch.node("MatMul", {"x", "w"}, {"h"}, "first");
  branch.node("MatMul", {"h", "v"}, {"y"}, "second");
  branch.output("y");
  ModelBuilder b;
  b.input("c").input("x");
  b.node("If", {"c"}, {"z"}, "choice").attributes["then_branch"] = shared(branch);
  b.output("z");
  liftWeights(b.graph);

  EXPECT_THAT(constantsOf(b.graph), UnorderedElementsAre("w", "v"));
  const Graph& then = inside(b.graph, 0, "then_branch");
  EXPECT_THAT(constantsOf(then), UnorderedElementsAre("shape", "scalar"));
  EXPECT_THAT(namesOf(then, then.captured), UnorderedElementsAre("x", "w", "v"));
  ASSERT_EQ(then.nodes.size(), 2u);
  EXPECT_EQ(then.value(then.outputs[0]).producer, NodeId{1});
  EXPECT_FALSE(then.value(then.findValue("v")).producer.valid());

  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 2u);
  EXPECT_EQ(model.layers[0].name, "first");
  EXPECT_EQ(model.layers[1].name, "second");
  EXPECT_EQ(model.layers[1].node, NodeId{0});
  EXPECT_EQ(model.layers[1].shape, (Shape{2, 3}));
  EXPECT_TRUE(model.weights.contains(model.layers[1].weight));
}

TEST(LiftWeights, EqualNamesStayApart) {
  const auto branch = [](float scale) {
    ModelBuilder g;
    capture(g, "x");
    g.constant("w", Tensor::from<float>({1, 2}, {scale, scale}));
    ModelBuilder deep;
    capture(deep, "w");
    capture(deep, "x");
    deep.node("Add", {"w", "x"}, {"y"});
    deep.output("y");
    g.node("If", {"x"}, {"y"}).attributes["then_branch"] = shared(deep);
    g.output("y");
    return shared(g);
  };
  ModelBuilder b;
  b.input("c").input("x");
  Node& choice = b.node("If", {"c"}, {"z"});
  choice.attributes["then_branch"] = branch(1);
  choice.attributes["else_branch"] = branch(2);
  liftWeights(b.graph);
  for (const auto& [side, scale] : {std::pair{"then_branch", 1.0f}, std::pair{"else_branch", 2.0f}}) {
    const Graph& outer = inside(b.graph, 0, side);
    const Graph& deep = inside(outer, 0, "then_branch");
    const std::string name = namesOf(deep, deep.captured).at(0);
    EXPECT_NE(name, "w");
    EXPECT_THAT(namesOf(outer, outer.captured), UnorderedElementsAre("x", name));
    const ValueId lifted = b.graph.findValue(name);
    ASSERT_TRUE(b.graph.initializers.contains(lifted));
    EXPECT_EQ(b.graph.initializers.at(lifted).as<float>()[0], scale);
  }
}

TEST(LiftWeights, GraphsOnTheWayCaptureWhatIsLiftedFromBelow) {
  ModelBuilder deep;
  capture(deep, "x");
  deep.constant("w", counting({2, 2}));
  deep.node("MatMul", {"x", "w"}, {"y"}, "deep");
  deep.output("y");
  ModelBuilder middle;
  capture(middle, "c");
  capture(middle, "x");
  middle.node("If", {"c"}, {"m"}).attributes["else_branch"] = shared(deep);
  middle.output("m");
  ModelBuilder b;
  b.input("c").input("x");
  b.node("If", {"c"}, {"z"}).attributes["then_branch"] = shared(middle);
  liftWeights(b.graph);
  const Graph& outer = inside(b.graph, 0, "then_branch");
  EXPECT_THAT(namesOf(outer, outer.captured), ElementsAre("c", "x", "w"));
  const auto readers = b.graph.consumers();
  EXPECT_THAT(readers[b.graph.findValue("w").index], ElementsAre(NodeId{0}));
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].name, "deep");
}

TEST(LiftWeights, OutputsOfASubgraphStay) {
  ModelBuilder branch;
  branch.constant("w", counting({2, 2}));
  constantNode(branch, "v", counting({3}));
  branch.output("w").output("v");
  ModelBuilder b;
  b.input("c");
  b.node("If", {"c"}, {"y", "z"}).attributes["then_branch"] = shared(branch);
  liftWeights(b.graph);
  EXPECT_TRUE(b.graph.initializers.empty());
  EXPECT_EQ(inside(b.graph, 0, "then_branch").nodes.size(), 1u);
}

TEST(Layers, RecurrentWeightsWhoseRowsWerePutInAnotherOrder) {
  ModelBuilder g;
  capture(g, "x");
  capture(g, "weight_ih");
  capture(g, "weight_hh");
  for (const std::string side : {"ih", "hh"}) {
    g.node("Slice", {"weight_" + side, "a", "b"}, {side + "1"});
    g.node("Slice", {"weight_" + side, "b", "c"}, {side + "2"});
    g.node("Concat", {side + "2", side + "1"}, {side + "3"});
    g.node("Unsqueeze", {side + "3", "axes"}, {side + "4"});
  }
  g.node("LSTM", {"x", "ih4", "hh4"}, {"y"}, "lstm");
  g.output("y");
  ModelBuilder b;
  b.input("c").input("x").constant("weight_ih", counting({16, 3})).constant("weight_hh", counting({16, 4}));
  Node& choice = b.node("If", {"c"}, {"z"});
  choice.attributes["then_branch"] = shared(g);
  choice.attributes["else_branch"] = shared(g);
  const auto layers = findLayers(b.graph);
  ASSERT_EQ(layers.size(), 2u) << "both branches share the weights";
  EXPECT_EQ(layers[0].name, "lstm.W");
  EXPECT_EQ(layers[1].name, "lstm.R");
  EXPECT_EQ(layers[0].shape, (Shape{16, 3}));
  EXPECT_EQ(layers[0].channelAxis, 0);
  EXPECT_EQ(b.graph.value(layers[1].weight).name, "weight_hh");
}

TEST(Layers, RowsOfTwoMatricesAreOneWeight) {
  ModelBuilder b;
  b.input("x").constant("w1", counting({1, 8, 3})).constant("w2", counting({1, 8, 3}));
  b.node("Concat", {"w1", "w2"}, {"w"}).attributes["axis"] = std::int64_t{1};
  b.node("LSTM", {"x", "w", "x"}, {"y"}, "lstm");
  const auto layers = findLayers(b.graph);
  ASSERT_EQ(layers.size(), 1u);
  EXPECT_EQ(layers[0].weight, b.value("w"));
  EXPECT_EQ(layers[0].shape, (Shape{1, 16, 3}));
}

}  // namespace
}  // namespace lapidary::core::testing
