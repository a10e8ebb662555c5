// SPDX-License-Identifier: GPL-3.0-or-later
// Which DequantizeLinear of an exported file is kept apart from its readers by a Sum, and which is not.
#include "core/io/onnx/onnx_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/io/onnx/onnx_content.h"
#include "core/model/constants.h"
#include "core/model/dequantize.h"
#include "tests/core/model/model_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;

/// The operators of the file of a model, in order.
std::vector<std::string> operatorsOf(const Model& model) {
  std::vector<std::string> types;
  for (const Node& node : onnxContent(model).graph.nodes) types.push_back(node.opType);
  return types;
}

Model finished(ModelBuilder& builder) {
  Model model = builder.output("y").model();
  model.source.opsets.push_back({"", 21});
  return model;
}

/// A weight of 4 x 4 in codes of ours.
Model encoded(Model model, const std::string& weight, int bits, int zeroPoint = 0) {
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = static_cast<unsigned>(bits);
  encoding->codes =
      convert(counting(model.graph->initializers.at(model.graph->findValue(weight)).shape()), DType::Int8);
  encoding->scale = Tensor::scalar(0.5f);
  encoding->zeroPoint = Tensor::scalar(static_cast<std::int8_t>(zeroPoint));
  encoding->axis = -1;
  const ValueId id = model.graph->findValue(weight);
  model.weights[id] = dequantized(*encoding);
  model.encodings[id] = std::move(encoding);
  return model;
}

/// y = op(x, w), the activations quantized where `coded`.
Model product(const std::string& op, bool coded, const Shape& shape = {4, 4}) {
  ModelBuilder b;
  b.input("x").constant("w", counting(shape));
  if (coded) {
    b.constant("s", Tensor::scalar(0.5f)).constant("z", Tensor::scalar<std::uint8_t>(0));
    b.node("QuantizeLinear", {"x", "s", "z"}, {"q"});
    b.node("DequantizeLinear", {"q", "s", "z"}, {"d"});
  }
  b.node(op, {coded ? "d" : "x", "w"}, {"y"});
  return finished(b);
}

TEST(OnnxGuard, KeepsWeightsApartFromMatMulAndGemmAlone) {
  EXPECT_THAT(operatorsOf(encoded(product("Gemm", false), "w", 8)),
              ElementsAre("DequantizeLinear", "Sum", "Gemm"));
  EXPECT_THAT(operatorsOf(encoded(product("MatMul", false), "w", 8)),
              ElementsAre("DequantizeLinear", "Sum", "MatMul"));
  EXPECT_THAT(operatorsOf(encoded(product("Conv", false, {4, 4, 1, 1}), "w", 8)),
              ElementsAre("DequantizeLinear", "Conv"));
  EXPECT_THAT(operatorsOf(encoded(product("Gather", false), "w", 8)),
              ElementsAre("DequantizeLinear", "Gather"));
}

TEST(OnnxGuard, LeavesSymmetricBytesBesideCodesToIntegerKernels) {
  EXPECT_THAT(operatorsOf(encoded(product("Gemm", true), "w", 8)),
              ElementsAre("DequantizeLinear", "QuantizeLinear", "DequantizeLinear", "Gemm"));
  EXPECT_THAT(operatorsOf(encoded(product("Conv", true, {4, 4, 1, 1}), "w", 7)),
              ElementsAre("DequantizeLinear", "QuantizeLinear", "DequantizeLinear", "Conv"));
  for (const auto& [bits, zeroPoint] : {std::pair{4, 0}, std::pair{8, 3}})
    EXPECT_THAT(operatorsOf(encoded(product("Gemm", true), "w", bits, zeroPoint)),
                ElementsAre("DequantizeLinear", "Sum", "QuantizeLinear", "DequantizeLinear", "Gemm"));
}

TEST(OnnxGuard, KeepsCodesApartFromFloatingPointWeights) {
  for (const std::string op : {"Gemm", "MatMul"})
    EXPECT_THAT(operatorsOf(product(op, true)), ElementsAre("QuantizeLinear", "DequantizeLinear", "Sum", op));
  EXPECT_THAT(operatorsOf(product("Gemm", false)), ElementsAre("Gemm"));
}

/// y = MatMul(x, ...(dequantized weight of the file)), with what stands between.
Model stored(const std::function<std::string(ModelBuilder&)>& between, const std::string& reader = "MatMul") {
  ModelBuilder b;
  b.input("x").constant("q", Tensor::from<std::int8_t>({2, 2}, {1, 2, 3, 4}));
  b.constant("s", Tensor::from<float>({2}, {0.5f, 2.0f})).constant("one", Tensor::scalar(1.0f));
  b.node("DequantizeLinear", {"q", "s"}, {"w"});
  b.node(reader, {"x", between(b)}, {"y"});
  return finished(b);
}

TEST(OnnxGuard, LooksThroughWhatTheOptimiserMovesOrDrops) {
  const auto through = [](const std::string& op, const std::string& other = "") {
    return [=](ModelBuilder& b) {
      Node& node = b.node(op, {"w"}, {"v"});
      if (!other.empty()) node.inputs.push_back(b.value(other));
      if (op == "Cast") node.attributes["to"] = std::int64_t{1};
      if (op == "Transpose") node.attributes["perm"] = std::vector<std::int64_t>{1, 0};
      return "v";
    };
  };
  EXPECT_THAT(operatorsOf(stored([](ModelBuilder&) { return "w"; })),
              ElementsAre("DequantizeLinear", "Sum", "MatMul"));
  for (const auto& [op, other] : std::vector<std::pair<std::string, std::string>>{
           {"Transpose", ""}, {"Identity", ""}, {"Cast", ""}, {"Mul", "one"}, {"Add", "one"}}) {
    EXPECT_THAT(operatorsOf(stored(through(op, other))),
                ElementsAre("DequantizeLinear", "Sum", op, "MatMul"));
    EXPECT_THAT(operatorsOf(stored(through(op, other), "Add")), ElementsAre("DequantizeLinear", op, "Add"));
  }
  EXPECT_THAT(operatorsOf(stored(through("Relu"))), ElementsAre("DequantizeLinear", "Relu", "MatMul"));
}

TEST(OnnxGuard, LeavesTheFilesOwnWeightsOfATransposedGemm) {
  const auto transposed = [](Model model) {
    Graph graph = *model.graph;
    graph.nodes.back().attributes["transB"] = std::int64_t{1};
    model.graph = std::make_shared<const Graph>(std::move(graph));
    return model;
  };
  EXPECT_THAT(operatorsOf(transposed(stored([](ModelBuilder&) { return "w"; }, "Gemm"))),
              ElementsAre("DequantizeLinear", "Gemm"));
  EXPECT_THAT(operatorsOf(transposed(encoded(product("Gemm", false), "w", 8))),
              ElementsAre("DequantizeLinear", "Sum", "Gemm"));
}

/// y = Reshape(codes of x), for a reader of floats or of codes.
Model moved(std::int64_t opset, bool isSigned, bool coded) {
  ModelBuilder b;
  b.input("x").constant("s", Tensor::scalar(0.1f)).constant("shape", Tensor::from<std::int64_t>({1}, {-1}));
  b.constant("z", isSigned ? Tensor::scalar(std::int8_t{0}) : Tensor::scalar(std::uint8_t{128}));
  b.node("QuantizeLinear", {"x", "s", "z"}, {"q"});
  b.node("DequantizeLinear", {"q", "s", "z"}, {"d"});
  b.node("Reshape", {"d", "shape"}, {coded ? "r" : "y"});
  if (coded) b.node("QuantizeLinear", {"r", "s", "z"}, {"y"});
  Model model = finished(b);
  model.source.opsets = {{"", opset}};
  return model;
}

TEST(OnnxGuard, KeepsSignedCodesWhereTheyAreWhereTheFileWouldNotLoad) {
  EXPECT_THAT(operatorsOf(moved(21, true, false)),
              ElementsAre("QuantizeLinear", "DequantizeLinear", "Sum", "Reshape"));
  const auto untouched = ElementsAre("QuantizeLinear", "DequantizeLinear", "Reshape");
  EXPECT_THAT(operatorsOf(moved(20, true, false)), untouched);
  EXPECT_THAT(operatorsOf(moved(21, false, false)), untouched);
  EXPECT_THAT(operatorsOf(moved(21, true, true)),
              ElementsAre("QuantizeLinear", "DequantizeLinear", "Reshape", "QuantizeLinear"));
}

/// A kernel of integers takes scales of whatever axis for those of the outputs.
TEST(OnnxGuard, KeepsScalesOfInputsFromKernels) {
  for (const std::int64_t axis : {0, 1}) {
    ModelBuilder b;
    b.input("x").constant("s", Tensor::scalar(0.1f)).constant("z", Tensor::scalar(std::uint8_t{128}));
    b.constant("q", Tensor::from<std::int8_t>({2, 2}, {1, 2, 3, 4}))
        .constant("ws", Tensor::from<float>({2}, {1, 2}));
    b.node("QuantizeLinear", {"x", "s", "z"}, {"c"});
    b.node("DequantizeLinear", {"c", "s", "z"}, {"d"});
    b.node("DequantizeLinear", {"q", "ws"}, {"w"}).attributes["axis"] = axis;
    b.node("MatMul", {"d", "w"}, {"y"});
    const auto operators = operatorsOf(finished(b));
    EXPECT_EQ(std::ranges::count(operators, "Sum"), axis == 0 ? 1 : 0);
  }
}

TEST(OnnxGuard, StandsBeforeEveryTransposeWithoutAxes) {
  const auto plain = [](ModelBuilder& b) {
    b.node("Transpose", {"w"}, {"v"});
    return "v";
  };
  EXPECT_THAT(operatorsOf(stored(plain, "Add")), ElementsAre("DequantizeLinear", "Sum", "Transpose", "Add"));
}

TEST(OnnxGuard, GuardsOnceAndKeepsTheNameOfTheWeight) {
  OnnxContent content = onnxContent(stored([](ModelBuilder&) { return "w"; }));
  const Graph& graph = content.graph;
  EXPECT_EQ(graph.value(graph.nodes[1].outputs[0]).name, "w");
  EXPECT_EQ(graph.value(graph.nodes[1].outputs[0]).producer, NodeId{1});
  EXPECT_EQ(graph.value(graph.nodes[2].outputs[0]).producer, NodeId{2});
  const std::size_t before = graph.nodes.size();
  guardDequantized(content, 0);
  EXPECT_EQ(graph.nodes.size(), before);
  EXPECT_TRUE(constantInfo(graph, graph.findValue("w")));
}

}  // namespace
}  // namespace lapidary::core::testing
