// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that operators of integers read are layers, answer as before, and are written as they were.
#include <gmock/gmock.h>

#include "core/compress/cut/cutter.h"
#include "core/run/executor.h"
#include "tests/core/io/onnx/onnx_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;

template <class T>
onnx::TensorProto codes(const std::string& name, const std::vector<std::int64_t>& shape,
                        const std::vector<T>& values) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(std::is_same_v<T, std::int8_t> ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8);
  for (const std::int64_t size : shape) tensor.add_dims(size);
  tensor.set_raw_data(values.data(), values.size());
  return tensor;
}

onnx::ModelProto dynamicMatMul() {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  graph.mutable_initializer()->Clear();
  graph.mutable_node()->Clear();
  *graph.add_initializer() = codes<std::int8_t>("w", {2, 2}, {100, -3, 7, 120});
  *graph.add_initializer() = codes<std::int8_t>("wz", {}, {1});
  *graph.add_initializer() = floatTensor("ws", {}, {0.5f});
  addNode(graph, "DynamicQuantizeLinear", {"x"}, {"q", "s", "z"});
  addNode(graph, "MatMulInteger", {"q", "w", "z", "wz"}, {"i"}, "product");
  addAttribute(*addNode(graph, "Cast", {"i"}, {"f"}), "to", onnx::AttributeProto::INT)->set_i(1);
  addNode(graph, "Mul", {"f", "ws"}, {"p"});
  addNode(graph, "Mul", {"p", "s"}, {"y"});
  return proto;
}

std::vector<float> answersOf(const Model& model) {
  const Tensor x = Tensor::from<float>({1, 2}, {1, 2});
  const Tensor y = Executor(model, {}).run(model, {&x, 1}).outputs.at(0);
  return {y.as<float>().begin(), y.as<float>().end()};
}

TEST(OnnxInteger, MatMulIntegerIsALayerAndRoundTrips) {
  const Model model = read(dynamicMatMul());
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].name, "product");
  EXPECT_EQ(model.layers[0].opType, "MatMulInteger");
  EXPECT_THAT(layerWeight(model, model.layers[0]).as<float>(),
              ElementsAre(99 / 128.0f, -4 / 128.0f, 6 / 128.0f, 119 / 128.0f));
  // What the codes say by hand: x is 0.0078.. per step, its codes 128 and 255 (zero point 0).
  const auto answers = answersOf(model);
  EXPECT_NEAR(answers[0], 0.5 * (99 + 2 * 6), 0.5);
  EXPECT_NEAR(answers[1], 0.5 * (-4 + 2 * 119), 0.5);
  const std::string text = written(model);
  onnx::ModelProto proto;
  ASSERT_TRUE(proto.ParseFromString(text));
  EXPECT_EQ(proto.graph().node_size(), 5) << "nothing is added to what is left alone";
  EXPECT_EQ(proto.graph().initializer_size(), 3);
  EXPECT_EQ(answersOf(reread(model)), answers);
}

TEST(OnnxInteger, ACutIsOnTheOperatorsGridAndReadsBack) {
  const Cutter cutter(read(dynamicMatMul()));
  Recipe recipe;
  LayerEdit edit;
  edit.quantize.scheme = Scheme::Symmetric;
  edit.quantize.bits = 4;
  recipe.set("product", edit);
  const Model cut = cutter.apply(recipe);
  const Model back = reread(cut);
  EXPECT_NE(answersOf(cut), answersOf(cutter.original()));
  EXPECT_EQ(answersOf(back), answersOf(cut));
  ASSERT_EQ(back.layers.size(), 1u) << "and can be cut again";
  EXPECT_EQ(back.layers[0].name, "product");
}

TEST(OnnxInteger, ChannelsOfConvolutionsHaveTheirScales) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  graph.mutable_initializer()->Clear();
  graph.mutable_node()->Clear();
  *graph.mutable_input(0) = floatValue("x", {1, 1, 2, 2});
  *graph.mutable_output(0) = floatValue("y", {1, 2, 2, 2});
  *graph.add_initializer() = codes<std::uint8_t>("w", {2, 1, 1, 1}, {130, 100});
  *graph.add_initializer() = codes<std::uint8_t>("wz", {2}, {128, 0});
  *graph.add_initializer() = floatTensor("ws", {2}, {0.5f, 0.01f});
  *graph.add_initializer() = floatTensor("s", {}, {0.1f});
  *graph.add_initializer() = codes<std::uint8_t>("z", {}, {10});
  addNode(graph, "QuantizeLinear", {"x", "s", "z"}, {"q"});
  addNode(graph, "QLinearConv", {"q", "s", "z", "w", "ws", "wz", "s", "z"}, {"c"}, "conv");
  addNode(graph, "DequantizeLinear", {"c", "s", "z"}, {"y"});
  const Model model = read(proto);
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.layers[0].channelAxis, 0);
  EXPECT_THAT(layerWeight(model, model.layers[0]).as<float>(), ElementsAre(1, 1));
  const Tensor x = Tensor::from<float>({1, 1, 2, 2}, {0, 1, 2, 3});
  const Tensor y = Executor(model, {}).run(model, {&x, 1}).outputs.at(0);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(y.as<float>()[i], static_cast<float>(i % 4), 0.051);
}

}  // namespace
}  // namespace lapidary::core::testing
