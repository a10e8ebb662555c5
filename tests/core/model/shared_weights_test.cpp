// SPDX-License-Identifier: GPL-3.0-or-later
// One constant with several readers is one layer with several uses, and every parameter is counted once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/model/merge_constants.h"
#include "core/model/parameter_account.h"
#include "tests/core/model/model_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> usesOf(const Layer& layer) {
  std::vector<std::string> uses;
  for (const LayerUse& use : layer.uses) uses.push_back(use.name + " " + use.opType);
  return uses;
}

void expectAgreement(const Model& model) {
  const ParameterAccount account = accountOf(model);
  std::int64_t layers = 0, outside = 0;
  for (const Layer& layer : model.layers) layers += layer.parameters();
  for (const OutsideTensor& tensor : account.tensors) outside += tensor.parameters;
  EXPECT_EQ(account.inLayers, layers);
  EXPECT_EQ(account.outside, outside);
  EXPECT_EQ(account.inLayers + account.outside, account.total);
  EXPECT_EQ(account.total, model.parameters());
}

TEST(SharedWeights, AnEmbeddingThatIsTheOutputLayerToo) {
  ModelBuilder b;
  b.input("ids").constant("table", counting({100, 8}));
  b.node("Gather", {"table", "ids"}, {"h"}, "embed");
  b.node("Transpose", {"table"}, {"t"});
  b.node("MatMul", {"h", "t"}, {"y"}, "head");
  b.output("y");
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].weight, b.value("table"));
  EXPECT_THAT(usesOf(model.layers[0]), ElementsAre("embed Gather", "head MatMul"));
  EXPECT_EQ(model.layers[0].channelAxis, 0);
  expectAgreement(model);
}

TEST(SharedWeights, GemmAndMatMulReadItTheirWay) {
  ModelBuilder b;
  b.input("x").constant("w", counting({4, 6}));
  b.node("Transpose", {"w"}, {"t"});
  b.node("MatMul", {"x", "t"}, {"h"}, "first");
  b.node("Gemm", {"h", "w"}, {"y"}, "second");
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].weight, b.value("w"));
  EXPECT_EQ(model.layers[0].channelAxis, 0) << "the rows are what the first one has for columns";
  EXPECT_THAT(usesOf(model.layers[0]), ElementsAre("first MatMul", "second Gemm"));
  expectAgreement(model);
}

TEST(SharedWeights, TwoConvolutions) {
  ModelBuilder b;
  b.input("x").constant("k", counting({4, 4, 3, 3}));
  b.node("Conv", {"x", "k"}, {"h"}, "a");
  b.node("Conv", {"h", "k"}, {"y"}, "b");
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_THAT(usesOf(model.layers[0]), ElementsAre("a Conv", "b Conv"));
}

TEST(SharedWeights, CodesWithTwoReadersOfTheirFloats) {
  ModelBuilder b;
  b.input("ids")
      .constant("q", convert(counting({100, 8}), DType::Int8))
      .constant("s", Tensor::scalar(0.5f))
      .constant("r", Tensor::scalar(0.5f));
  b.node("DequantizeLinear", {"q", "s"}, {"d"});
  b.node("Gather", {"d", "ids"}, {"h"}, "embed");
  b.node("DequantizeLinear", {"q", "s"}, {"e"});
  b.node("Transpose", {"e"}, {"t"});
  b.node("MatMul", {"h", "t"}, {"y"}, "head");
  b.node("DequantizeLinear", {"q", "r"}, {"f"});
  b.node("Gather", {"f", "ids"}, {"z"}, "again");
  b.output("y").output("z");
  mergeDequantized(b.graph);
  EXPECT_EQ(b.graph.nodes.size(), 6u) << "two of the three are one";
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u) << "the codes belong to one layer";
  EXPECT_EQ(model.layers[0].weight, b.value("d"));
  EXPECT_EQ(model.layers[0].uses.size(), 3u);
  expectAgreement(model);
}

TEST(SharedWeights, PartsOfOneMatrixAreOneLayer) {
  ModelBuilder b;
  b.input("x").constant("qkv", counting({4, 12}));
  b.node("Split", {"qkv"}, {"q", "k", "v"}).attributes["axis"] = std::int64_t{1};
  for (const std::string part : {"q", "k", "v"}) b.node("MatMul", {"x", part}, {part + "y"}, part);
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].weight, b.value("qkv"));
  EXPECT_EQ(model.layers[0].channelAxis, 1);
  EXPECT_EQ(model.layers[0].uses.size(), 3u);
  expectAgreement(model);
}

TEST(SharedWeights, APartAloneIsALayerAndTheRestIsCounted) {
  ModelBuilder b;
  b.input("x").constant("w", counting({4, 12}));
  Node& slice = b.node("Slice", {"w"}, {"part"});
  slice.attributes["starts"] = std::vector<std::int64_t>{0, 0};
  slice.attributes["ends"] = std::vector<std::int64_t>{4, 5};
  b.node("MatMul", {"x", "part"}, {"y"}, "fc");
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].shape, (Shape{4, 5}));
  expectAgreement(model);
  EXPECT_EQ(accountOf(model).outside, 28);
}

TEST(SharedWeights, JoinedWeightsAreOneLayer) {
  ModelBuilder b;
  b.input("x").constant("a", counting({4, 3})).constant("b", counting({4, 5}));
  b.node("Concat", {"a", "b"}, {"w"}).attributes["axis"] = std::int64_t{1};
  b.node("MatMul", {"x", "w"}, {"y"}, "fc");
  const Model model = b.model();
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].shape, (Shape{4, 8}));
  expectAgreement(model);
}

TEST(ParameterAccount, WarnsOfWeightsThatNoLayerNamesAndOfNothingElse) {
  ModelBuilder b;
  b.input("x").constant("w", counting({4, 4})).constant("bias", counting({4}));
  b.node("Gemm", {"x", "w", "bias"}, {"h"}, "fc");
  std::vector<Warning> warnings;
  warnOfParameters(b.model(), warnings);
  EXPECT_TRUE(warnings.empty()) << "a bias is as it should be";
  b.constant("positions", counting({4, 8}));
  b.node("Add", {"h", "positions"}, {"y"});
  expectAgreement(b.model());
  warnOfParameters(b.model(), warnings);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].kind, WarningKind::OutsideLayers);
  EXPECT_EQ(warnings[0].count, 36);
  EXPECT_EQ(warnings[0].total, 52);
  EXPECT_THAT(warnings[0].detail, HasSubstr("positions ×32, bias ×4"));
  EXPECT_EQ(idOf(warnings[0].kind), "outside-layers");
}

TEST(ParameterAccount, AModelWithoutLayersSaysSo) {
  ModelBuilder b;
  b.input("x");
  b.node("Relu", {"x"}, {"y"});
  std::vector<Warning> warnings;
  warnOfParameters(b.model(), warnings);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0].kind, WarningKind::NoLayers);
}

}  // namespace
}  // namespace lapidary::core::testing
