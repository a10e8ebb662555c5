// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes with activations, and the graph that they become.
#include "core/compress/quantize/quantize_activations.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/support/error.h"
#include "tests/core/model/model_builder.h"

namespace lapidary::core {
namespace {

using testing::counting;
using testing::ModelBuilder;

/// x feeds two layers, whose results are added and read by a third.
Model residualModel() {
  ModelBuilder b;
  b.input("x")
      .constant("w1", counting({4, 4}))
      .constant("w2", counting({4, 4}))
      .constant("w3", counting({4, 2}));
  b.node("MatMul", {"x", "w1"}, {"a"}, "first");
  b.node("Gemm", {"x", "w2"}, {"b"}, "second");
  b.node("Add", {"a", "b"}, {"sum"}, "add");
  b.node("MatMul", {"sum", "w3"}, {"y"}, "third");
  b.output("y");
  return b.model();
}

Recipe recipeOf(std::initializer_list<std::pair<const char*, Activations>> edits) {
  Recipe recipe;
  for (const auto& [layer, activations] : edits) recipe.set(layer, {{}, {}, activations});
  return recipe;
}

constexpr Activations fixedRange{ActivationMode::Static, RangeMethod::Percentile};
constexpr Activations dynamicRange{ActivationMode::Dynamic, RangeMethod::MinMax};

TEST(ActivationRecipe, IsReadAsItWasWritten) {
  const Recipe recipe = recipeOf({{"first", fixedRange}, {"third", dynamicRange}});
  const std::string text = toJson(recipe, -1);
  EXPECT_NE(text.find(R"("activations":{"mode":"static","range":"percentile"})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("activations":{"mode":"dynamic"})"), std::string::npos) << text;
  EXPECT_EQ(recipeFromJson(text), recipe);
}

TEST(ActivationRecipe, WithoutActivationsLooksAsBefore) {
  Recipe recipe;
  recipe.set("a", {{PruneMode::Sparsity, 0.5}, {}, {}});
  EXPECT_EQ(toJson(recipe, -1).find("activations"), std::string::npos);
  EXPECT_FALSE(recipe.quantizesActivations());
  recipe.set("a", {});
  EXPECT_TRUE(recipe.empty());
}

TEST(ActivationRecipe, FingerprintTellsWhatMatters) {
  const auto print = [](Activations a) { return fingerprint(recipeOf({{"first", a}})); };
  EXPECT_NE(print(fixedRange), print({ActivationMode::Static, RangeMethod::MinMax}));
  EXPECT_NE(print(fixedRange), print(dynamicRange));
  EXPECT_EQ(print(dynamicRange), print({ActivationMode::Dynamic, RangeMethod::Entropy}));
  EXPECT_NE(print(dynamicRange), fingerprint(Recipe{}));
}

TEST(ActivationRecipe, SaysWhatIsWrong) {
  const auto messageOf = [](const std::string& part) {
    try {
      recipeFromJson(R"({"format":"lapidary-recipe","version":1,"layers":{"a":{"activations":)" + part +
                     "}}}");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(messageOf(R"({"mode":"fast"})"),
            "recipe: layers.a.activations.mode is \"fast\", expected one of static, dynamic");
  EXPECT_EQ(messageOf(R"({})"), "recipe: layers.a.activations.mode is missing, expected static or dynamic");
  EXPECT_EQ(messageOf(R"({"mode":"dynamic","range":"mse"})"),
            "recipe: layers.a.activations.range is \"mse\", expected no range outside the mode static");
}

TEST(ActivationCodes, HoldZeroExactlyAndUseAllCodesAfterRelu) {
  EXPECT_EQ(codesFor({0, 2.55}), (ActivationCodes{static_cast<float>(2.55 / 255), 0}));
  EXPECT_EQ(codesFor({1, 2.55}), codesFor({0, 2.55}));
  EXPECT_NEAR(codesFor({-1, 1}).zeroPoint, 127.5, 0.5);
  EXPECT_EQ(codesFor({-3, -1}).zeroPoint, 255);
  EXPECT_EQ(codesFor({0, 0}), (ActivationCodes{1, 0}));
}

TEST(QuantizeActivations, SharesOnePairAmongReadersAndLeavesTheRest) {
  const Model model = residualModel();
  auto inputs = quantizedInputs(model, recipeOf({{"first", fixedRange}, {"second", fixedRange}}));
  ASSERT_EQ(inputs.size(), 2u);
  for (QuantizedInput& input : inputs) input.codes = {0.5f, 3};
  const Model made = quantizeActivations(model, inputs);
  std::vector<std::string> types;
  for (const Node& node : made.graph->nodes) types.push_back(node.opType);
  EXPECT_EQ(types, (std::vector<std::string>{"QuantizeLinear", "DequantizeLinear", "MatMul", "Gemm", "Add",
                                             "MatMul"}));
  EXPECT_EQ(made.graph->nodes[2].inputs[0], made.graph->nodes[1].outputs[0]);
  EXPECT_EQ(made.graph->nodes[3].inputs[0], made.graph->nodes[1].outputs[0]);
  EXPECT_EQ(made.graph->nodes[4].inputs, model.graph->nodes[2].inputs);
  const Node& quantizer = made.graph->nodes[0];
  EXPECT_EQ(made.weights.at(quantizer.inputs[1]).as<float>()[0], 0.5f);
  EXPECT_EQ(made.weights.at(quantizer.inputs[2]).as<std::uint8_t>()[0], 3);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    EXPECT_EQ(made.graph->node(made.layers[i].node).name, model.layers[i].name);
    EXPECT_EQ(made.layers[i].weight, model.layers[i].weight);
  }
  for (std::uint32_t n = 0; n < made.graph->nodes.size(); ++n)
    for (const ValueId output : made.graph->nodes[n].outputs)
      EXPECT_EQ(made.graph->value(output).producer, NodeId{n});
}

TEST(QuantizeActivations, OtherCodesGetPairsOfTheirOwn) {
  const Model model = residualModel();
  auto inputs = quantizedInputs(model, recipeOf({{"first", fixedRange}, {"second", dynamicRange}}));
  inputs[0].codes = {0.25f, 0};
  const Model made = quantizeActivations(model, inputs);
  EXPECT_EQ(made.graph->nodes.size(), model.graph->nodes.size() + 4);
  EXPECT_TRUE(rangesSpanBatch(*made.graph));
  EXPECT_FALSE(rangesSpanBatch(*model.graph));
}

TEST(QuantizeActivations, NothingToDoKeepsTheGraph) {
  const Model model = residualModel();
  EXPECT_EQ(quantizeActivations(model, {}).graph, model.graph);
}

TEST(QuantizeActivations, RefusesALayerThatHasNoDataInput) {
  ModelBuilder b;
  b.input("ids").constant("table", counting({256, 64}));
  b.node("Gather", {"table", "ids"}, {"y"}, "embedding");
  b.output("y");
  EXPECT_THROW(quantizedInputs(b.model(), recipeOf({{"embedding", dynamicRange}})), Error);
}

}  // namespace
}  // namespace lapidary::core
