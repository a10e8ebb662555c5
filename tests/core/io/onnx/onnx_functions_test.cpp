// SPDX-License-Identifier: GPL-3.0-or-later
// Local functions take the place of their calls: nested, with attributes and defaults, and with names of
// their own.
#include "core/io/onnx/onnx_functions.h"

#include <gmock/gmock.h>
#include <google/protobuf/unknown_field_set.h>

#include "core/run/executor.h"
#include "tests/core/io/onnx/onnx_builder.h"
#include "tests/support/messages.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

onnx::FunctionProto* addFunction(onnx::ModelProto& model, const std::string& name,
                                 const std::vector<std::string>& inputs,
                                 const std::vector<std::string>& outputs, std::int64_t opset = 13) {
  auto* function = model.add_functions();
  function->set_domain("my.lib");
  function->set_name(name);
  for (const auto& input : inputs) function->add_input(input);
  for (const auto& output : outputs) function->add_output(output);
  function->add_opset_import()->set_version(opset);
  return function;
}

template <class Holder>
onnx::NodeProto* addNodeTo(Holder& holder, const std::string& op, const std::vector<std::string>& inputs,
                           const std::vector<std::string>& outputs, const std::string& domain = "") {
  auto* node = holder.add_node();
  node->set_op_type(op);
  node->set_domain(domain);
  for (const auto& input : inputs) node->add_input(input);
  for (const auto& output : outputs) node->add_output(output);
  return node;
}

void referTo(onnx::NodeProto& node, const std::string& name, const std::string& of,
             onnx::AttributeProto::AttributeType type) {
  addAttribute(node, name, type)->set_ref_attr_name(of);
}

/// y = f(x) for x of two floats; the opset of the model is 13.
onnx::ModelProto modelCalling(const std::string& function, const std::vector<std::string>& inputs = {"x"}) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(13);
  auto* own = model.add_opset_import();
  own->set_domain("my.lib");
  own->set_version(1);
  auto& graph = *model.mutable_graph();
  graph.set_name("calls");
  *graph.add_input() = floatValue("x", {1, 2});
  *graph.add_output() = floatValue("y", {1, 2});
  addNodeTo(graph, function, inputs, {"y"}, "my.lib")->set_name("call");
  return model;
}

std::vector<float> answersOf(const Model& model, std::vector<float> x) {
  const Tensor input = Tensor::from<float>({1, 2}, x);
  const Tensor output = Executor(model, {}).run(model, {&input, 1}).outputs.at(0);
  return {output.as<float>().begin(), output.as<float>().end()};
}

std::vector<std::string> opsOf(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.push_back(node.opType);
  return ops;
}

bool warns(const Model& model, WarningKind kind, const std::string& detail) {
  return std::ranges::any_of(model.warnings, [&](const Warning& warning) {
    return warning.kind == kind && warning.detail.find(detail) != std::string::npos;
  });
}

/// y = relu(x w + b) by a function, called twice with weights of its own.
onnx::ModelProto twoLinear() {
  onnx::ModelProto model = modelCalling("LinearRelu", {"h", "w2"});
  auto& graph = *model.mutable_graph();
  *graph.add_initializer() = floatTensor("w1", {2, 2}, {1, 2, 3, 4});
  *graph.add_initializer() = floatTensor("w2", {2, 2}, {1, 0, -1, 1});
  addNodeTo(graph, "LinearRelu", {"x", "w1"}, {"h"}, "my.lib")->set_name("first");
  auto* function = addFunction(model, "LinearRelu", {"a", "w", "b"}, {"y"});
  addNodeTo(*function, "Gemm", {"a", "w", "b"}, {"h"})->set_name("gemm");
  addNodeTo(*function, "Relu", {"h"}, {"y"});
  return model;
}

TEST(OnnxFunctions, TheirNodesRunAreLayersAndAreWritten) {
  const Model model = read(twoLinear());
  EXPECT_THAT(opsOf(*model.graph), ElementsAre("Gemm", "Relu", "Gemm", "Relu"));
  ASSERT_EQ(model.layers.size(), 2u);
  EXPECT_EQ(model.layers[0].name, "first/gemm");
  EXPECT_EQ(model.layers[1].name, "call/gemm");
  EXPECT_THAT(answersOf(model, {1, 1}), ElementsAre(0, 6));
  EXPECT_TRUE(warns(model, WarningKind::InlinedFunctions, "my.lib::LinearRelu"));
  const Model back = reread(model);
  EXPECT_THAT(answersOf(back, {1, 1}), ElementsAre(0, 6));
  EXPECT_FALSE(warns(back, WarningKind::InlinedFunctions, ""));
}

TEST(OnnxFunctions, AbsentInputsStayAbsent) {
  auto proto = modelCalling("Clamp", {"x", "", "most"});
  *proto.mutable_graph()->add_initializer() = floatTensor("most", {}, {1});
  auto* function = addFunction(proto, "Clamp", {"a", "low", "high"}, {"y"});
  addNodeTo(*function, "Clip", {"a", "low", "high"}, {"y"});
  EXPECT_THAT(answersOf(read(proto), {-3, 3}), ElementsAre(-3, 1));
}

TEST(OnnxFunctions, AttributesAreThoseOfTheCallElseDefaultsElseAbsent) {
  for (const auto& [given, fallback, expected] :
       {std::tuple{true, true, -0.5f}, {false, true, -0.25f}, {false, false, -0.01f}}) {
    auto proto = modelCalling("Leak");
    auto* function = addFunction(proto, "Leak", {"a"}, {"y"});
    auto* leaky = addNodeTo(*function, "LeakyRelu", {"a"}, {"y"});
    referTo(*leaky, "alpha", "slope", onnx::AttributeProto::FLOAT);
    if (fallback) {
      onnx::AttributeProto attribute;
      attribute.set_name("slope");
      attribute.set_type(onnx::AttributeProto::FLOAT);
      attribute.set_f(0.25f);
      function->mutable_unknown_fields()->AddLengthDelimited(11, attribute.SerializeAsString());
    }
    if (given)
      addAttribute(*proto.mutable_graph()->mutable_node(0), "slope", onnx::AttributeProto::FLOAT)
          ->set_f(0.5f);
    EXPECT_THAT(answersOf(read(proto), {-1, 2}), ElementsAre(expected, 2));
  }
}

TEST(OnnxFunctions, FunctionsCallFunctionsAndHandAttributesOn) {
  auto proto = modelCalling("Outer");
  addAttribute(*proto.mutable_graph()->mutable_node(0), "slope", onnx::AttributeProto::FLOAT)->set_f(0.5f);
  auto* outer = addFunction(proto, "Outer", {"a"}, {"y"});
  auto* call = addNodeTo(*outer, "Inner", {"a"}, {"y"}, "my.lib");
  referTo(*call, "steepness", "slope", onnx::AttributeProto::FLOAT);
  auto* inner = addFunction(proto, "Inner", {"a"}, {"y"});
  auto* leaky = addNodeTo(*inner, "LeakyRelu", {"a"}, {"y"});
  referTo(*leaky, "alpha", "steepness", onnx::AttributeProto::FLOAT);
  EXPECT_THAT(answersOf(read(proto), {-1, 2}), ElementsAre(-0.5f, 2));
}

TEST(OnnxFunctions, NamesClashWithNone) {
  auto proto = twoLinear();
  // Inside, "h" and "y" are other values than outside; and the name that one would get is taken.
  proto.mutable_graph()->mutable_initializer(0)->set_name("call/h");
  proto.mutable_graph()->mutable_node(1)->set_input(1, "call/h");
  EXPECT_THAT(answersOf(read(proto), {1, 1}), ElementsAre(0, 6));
}

TEST(OnnxFunctions, WhatIsPassedOnOrGivenTwiceIsCopied) {
  auto proto = modelCalling("Both");
  auto& graph = *proto.mutable_graph();
  graph.mutable_node(0)->set_output(0, "same");
  graph.mutable_node(0)->add_output("once");
  graph.mutable_node(0)->add_output("twice");
  addNodeTo(graph, "Sum", {"same", "once", "twice"}, {"y"});
  auto* function = addFunction(proto, "Both", {"a"}, {"a", "r", "r"});
  addNodeTo(*function, "Relu", {"a"}, {"r"});
  EXPECT_THAT(answersOf(read(proto), {-1, 2}), ElementsAre(-1, 6));
}

TEST(OnnxFunctions, SubgraphsSeeTheCall) {
  auto proto = modelCalling("Choice", {"x", "which"});
  onnx::TensorProto which;
  which.set_name("which");
  which.set_data_type(onnx::TensorProto::BOOL);
  which.add_int32_data(1);
  *proto.mutable_graph()->add_initializer() = which;
  auto* function = addFunction(proto, "Choice", {"a", "c"}, {"y"});
  addNodeTo(*function, "Neg", {"a"}, {"n"});
  auto* choice = addNodeTo(*function, "If", {"c"}, {"y"});
  for (const std::string side : {"then_branch", "else_branch"}) {
    auto& branch = *addAttribute(*choice, side, onnx::AttributeProto::GRAPH)->mutable_g();
    branch.set_name(side);
    auto* leaky = addNodeTo(branch, "LeakyRelu", {side == "then_branch" ? "n" : "a"}, {"x"});
    referTo(*leaky, "alpha", "slope", onnx::AttributeProto::FLOAT);
    branch.add_output()->set_name("x");
  }
  addAttribute(*proto.mutable_graph()->mutable_node(0), "slope", onnx::AttributeProto::FLOAT)->set_f(0.5f);
  EXPECT_THAT(answersOf(read(proto), {-1, 2}), ElementsAre(1, -1));
}

TEST(OnnxFunctions, BodiesOfAnotherOpsetComeToTheNewerOne) {
  auto proto = modelCalling("Squash");
  auto* older = addFunction(proto, "Squash", {"a"}, {"y"}, 11);
  auto* squeeze = addNodeTo(*older, "Squeeze", {"a"}, {"s"});
  addAttribute(*squeeze, "axes", onnx::AttributeProto::INTS)->add_ints(0);
  auto* widen = addNodeTo(*older, "Unsqueeze", {"s"}, {"y"});
  addAttribute(*widen, "axes", onnx::AttributeProto::INTS)->add_ints(0);
  const Model model = read(proto);
  EXPECT_EQ(model.opset(), 13);
  EXPECT_EQ(model.graph->nodes.at(0).inputs.size(), 2u) << "axes are an input since opset 13";
  EXPECT_THAT(answersOf(model, {-1, 2}), ElementsAre(-1, 2));

  auto mixed = modelCalling("Same");
  auto& graph = *mixed.mutable_graph();
  mixed.mutable_opset_import(0)->set_version(11);
  graph.mutable_node(0)->set_input(0, "s");
  auto* outside = addNodeTo(graph, "Unsqueeze", {"x"}, {"u"});
  addAttribute(*outside, "axes", onnx::AttributeProto::INTS)->add_ints(0);
  auto* back = addNodeTo(graph, "Squeeze", {"u"}, {"s"});
  addAttribute(*back, "axes", onnx::AttributeProto::INTS)->add_ints(0);
  addNodeTo(*addFunction(mixed, "Same", {"a"}, {"y"}, 14), "Relu", {"a"}, {"y"});
  const Model raised = read(mixed);
  EXPECT_EQ(raised.opset(), 14);
  EXPECT_THAT(answersOf(raised, {-1, 2}), ElementsAre(0, 2));
}

TEST(OnnxFunctions, DomainsOfTheirBodiesAreImported) {
  auto proto = modelCalling("Fused");
  auto* function = addFunction(proto, "Fused", {"a"}, {"y"});
  addNodeTo(*function, "Gelu", {"a"}, {"y"}, "com.microsoft");
  auto* import = function->add_opset_import();
  import->set_domain("com.microsoft");
  import->set_version(1);
  EXPECT_EQ(read(proto).opset("com.microsoft"), 1);
}

TEST(OnnxFunctions, UncalledOnesAreNamed) {
  auto proto = twoLinear();
  addNodeTo(*addFunction(proto, "Unused", {"a"}, {"y"}), "Relu", {"a"}, {"y"});
  EXPECT_TRUE(warns(read(proto), WarningKind::DroppedContent, "my.lib::Unused"));
}

TEST(OnnxFunctions, RecursionAndCallsThatDoNotFitAreRefused) {
  auto loop = modelCalling("A");
  addNodeTo(*addFunction(loop, "A", {"a"}, {"y"}), "B", {"a"}, {"y"}, "my.lib");
  addNodeTo(*addFunction(loop, "B", {"a"}, {"y"}), "A", {"a"}, {"y"}, "my.lib");
  EXPECT_THAT(messageOf([&] { read(loop); }),
              HasSubstr("function 'my.lib::A' calls itself through 'my.lib::B'"));

  auto many = modelCalling("A", {"x", "x"});
  addNodeTo(*addFunction(many, "A", {"a"}, {"y"}), "Relu", {"a"}, {"y"});
  EXPECT_THAT(messageOf([&] { read(many); }), HasSubstr("calls function 'my.lib::A' with 2 inputs"));

  auto lacking = modelCalling("A");
  addNodeTo(*addFunction(lacking, "A", {"a"}, {"y"}), "Relu", {"a"}, {"z"});
  EXPECT_THAT(messageOf([&] { read(lacking); }), HasSubstr("does not compute its output 'y'"));
}

TEST(OnnxFunctions, UnfoldingWithoutBoundIsRefused) {
  auto proto = modelCalling("f0");
  for (int i = 0; i < 40; ++i) {
    auto* function = addFunction(proto, "f" + std::to_string(i), {"a"}, {"y"});
    const std::string next = "f" + std::to_string(i + 1);
    addNodeTo(*function, next, {"a"}, {"m"}, "my.lib");
    addNodeTo(*function, next, {"m"}, {"y"}, "my.lib");
  }
  addNodeTo(*addFunction(proto, "f40", {"a"}, {"y"}), "Relu", {"a"}, {"y"});
  EXPECT_THAT(messageOf([&] { read(proto); }), HasSubstr("unfold to more than"));
}

}  // namespace
}  // namespace lapidary::core::testing
