// SPDX-License-Identifier: GPL-3.0-or-later
// Rewriting graphs for newer opsets: what they become, that libonnx's checker accepts it, and what is
// refused.
#include "core/io/onnx/onnx_upgrade.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include "tests/core/io/onnx/upgrade_cases.h"

namespace lapidary::core::testing {
namespace {

Model upgraded(const onnx::ModelProto& proto, std::int64_t to) {
  Model model = read(proto);
  Graph graph = *model.graph;
  upgradeOpset(graph, model.opset(), to);
  model.graph = std::make_shared<const Graph>(graph);
  model.weights = graph.initializers;
  model.source.opsets = {{"", to}};
  return model;
}

std::vector<std::string> operatorsOf(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(node.opType);
  return names;
}

TEST(OnnxUpgrade, EveryCaseBecomesWhatNewerOpsetsExpect) {
  for (const UpgradeCase& test : upgradeCases()) {
    SCOPED_TRACE(test.name);
    const Model model = upgraded(modelOf(test), newestUpgrade);
    EXPECT_THAT(operatorsOf(*model.graph), ::testing::ContainerEq(test.operators));
    EXPECT_NO_THROW(reread(model));  // names resolve, and nothing is defined twice
  }
}

TEST(OnnxUpgrade, TheCheckerOfTheFormatAcceptsTheResult) {
  for (const UpgradeCase& test : upgradeCases()) {
    if (test.opset > 17) continue;  // libonnx 1.12 knows no later opset
    SCOPED_TRACE(test.name);
    onnx::ModelProto proto;
    ASSERT_TRUE(proto.ParseFromString(written(upgraded(modelOf(test), 17))));
    // The checker wants a shape for every output, and a case need not know its own.
    proto.mutable_graph()->mutable_output(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
    EXPECT_NO_THROW(onnx::checker::check_model(proto));
  }
}

TEST(OnnxUpgrade, MovesAttributesToInputs) {
  const auto& cases = upgradeCases();
  const auto clip = std::ranges::find(cases, "clip_above_only", &UpgradeCase::name);
  const Model model = upgraded(modelOf(*clip), 13);
  const Node& node = model.graph->nodes[0];
  ASSERT_EQ(node.inputs.size(), 3u);
  EXPECT_FALSE(node.inputs[1].valid());
  EXPECT_EQ(model.weights.at(node.inputs[2]).as<float>()[0], 0.5f);
  EXPECT_TRUE(node.attributes.empty());
}

TEST(OnnxUpgrade, ReachesSubgraphs) {
  auto proto = smallModel();
  proto.mutable_opset_import(0)->set_version(11);
  auto* branch = addNode(*proto.mutable_graph(), "If", {"x"}, {"z"});
  auto* inner = addAttribute(*branch, "then_branch", onnx::AttributeProto::GRAPH)->mutable_g();
  setInts(addNode(*inner, "Squeeze", {"y"}, {"r"}, "inner"), "axes", {0});
  *inner->add_output() = floatValue("r", {2});
  const Model model = upgraded(proto, 13);
  const auto* graph = model.graph->nodes[1].find<std::shared_ptr<const Graph>>("then_branch");
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ((*graph)->nodes[0].inputs.size(), 2u);
  EXPECT_EQ((*graph)->initializers.size(), 1u);
  EXPECT_NO_THROW(reread(model));
}

std::string refusal(const onnx::ModelProto& proto, std::int64_t to) {
  try {
    upgraded(proto, to);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    return error.what();
  }
  return "";
}

TEST(OnnxUpgrade, SaysWhatHasNoNewerForm) {
  auto old = smallModel();
  old.mutable_opset_import(0)->set_version(0);
  EXPECT_EQ(refusal(old, 13),
            "the model's opset 0 is too old to be rewritten: quantized weights need opset 13: keep "
            "floating-point weights");
  auto unknown = smallModel();
  unknown.mutable_opset_import(0)->set_version(6);
  addNode(*unknown.mutable_graph(), "Relu", {"x"}, {"undeclared"});
  setInt(addNode(*unknown.mutable_graph(), "Add", {"x", "undeclared"}, {"z"}, "sum"), "axis", 1);
  EXPECT_NE(refusal(unknown, 13).find("node 2 'sum' (Add) joins operands of unknown rank"),
            std::string::npos);
  auto scan = smallModel();
  scan.mutable_opset_import(0)->set_version(8);
  addNode(*scan.mutable_graph(), "Scan", {"x"}, {"z"}, "loop");
  EXPECT_EQ(refusal(scan, 21),
            "node 1 'loop' (Scan) runs over batches as no newer opset does: weights of at most 4 or more "
            "than 8 bits need "
            "opset 21: use 5 to 8 bits");
}

}  // namespace
}  // namespace lapidary::core::testing
