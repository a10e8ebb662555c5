// SPDX-License-Identifier: GPL-3.0-or-later
// Element types that nothing computes with close no file: they are listed, kept, and written back.
#include <gmock/gmock.h>

#include "core/run/executor.h"
#include "tests/core/io/onnx/onnx_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

onnx::TensorProto words(const std::string& name, const std::vector<std::string>& values) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::STRING);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  for (const auto& value : values) tensor.add_string_data(value);
  return tensor;
}

std::string keptOf(const Model& model) {
  for (const Warning& warning : model.warnings)
    if (warning.kind == WarningKind::KeptTensors) return warning.detail;
  return {};
}

/// The initialiser of that name in what is written, as text.
std::string writtenInitializer(const Model& model, const std::string& name) {
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(written(model)));
  for (const auto& tensor : proto.graph().initializer())
    if (tensor.name() == name) return tensor.SerializeAsString();
  return "missing";
}

TEST(OnnxKept, TextAndComplexNumbersButNotTwoBits) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  std::vector<onnx::TensorProto> odd{words("labels", {"cat", "dog"})};
  auto& complex = odd.emplace_back();
  complex.set_name("spectrum");
  complex.set_data_type(onnx::TensorProto::COMPLEX64);
  complex.add_dims(2);
  for (const float part : {1.0f, 2.0f, 3.0f, 4.0f}) complex.add_float_data(part);
  auto& twoBits = odd.emplace_back();
  twoBits.set_name("bits");
  twoBits.set_data_type(26);
  twoBits.add_dims(5);
  twoBits.set_raw_data(std::string("\x1b\x02", 2));
  for (const auto& tensor : odd) *graph.add_initializer() = tensor;
  const Model model = read(proto);
  EXPECT_EQ(keptOf(model), "'labels' (string), 'spectrum' (complex64)");
  EXPECT_EQ(model.layers.size(), 1u);
  EXPECT_EQ(model.parameters(), 9) << "the two-bit numbers count";
  EXPECT_TRUE(lackingOps(model).empty()) << "nobody reads them";
  for (const auto& tensor : odd)
    EXPECT_EQ(writtenInitializer(model, tensor.name()), tensor.SerializeAsString()) << tensor.name();
  EXPECT_EQ(keptOf(reread(model)), keptOf(model));
}

TEST(OnnxKept, WhatReadsThemCannotRunAndIsNamed) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  *graph.add_initializer() = words("labels", {"cat", "dog"});
  addNode(graph, "ArgMax", {"y"}, {"best"});
  addNode(graph, "Gather", {"labels", "best"}, {"word"}, "naming");
  auto* word = graph.add_output();
  word->set_name("word");
  word->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::STRING);
  const Model model = read(proto);
  EXPECT_THAT(lackingOps(model), ElementsAre(HasSubstr("'naming' (Gather) reads 'labels' of type string")));
  EXPECT_EQ(model.layers.size(), 1u) << "and the rest can be cut";
}

TEST(OnnxKept, AttributesOfSuchTypesAreWrittenBack) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  auto* constant = addNode(graph, "Constant", {}, {"names"}, "names");
  *addAttribute(*constant, "value", onnx::AttributeProto::TENSOR)->mutable_t() = words("", {"a", "b"});
  const Model model = read(proto);
  EXPECT_EQ(keptOf(model), "'names' value");
  onnx::ModelProto back;
  ASSERT_TRUE(back.ParseFromString(written(model)));
  std::vector<std::string> attributes;
  for (const auto& node : back.graph().node())
    for (const auto& attribute : node.attribute()) attributes.push_back(attribute.SerializeAsString());
  EXPECT_THAT(attributes, Contains(constant->attribute(0).SerializeAsString()));
}

TEST(OnnxKept, FloatsOfEightAndFourBitsAreTensorsAndDequantize) {
  auto proto = smallModel();
  auto& graph = *proto.mutable_graph();
  graph.mutable_initializer(0)->set_name("q");
  graph.mutable_initializer(0)->set_data_type(17);  // E4M3: 1, 2, -0.5, 448
  graph.mutable_initializer(0)->set_raw_data(std::string("\x38\x40\xb0\x7e", 4));
  *graph.add_initializer() = floatTensor("s", {}, {0.5f});
  *graph.add_initializer() = floatTensor("unused", {1}, {0});
  graph.mutable_initializer(2)->set_data_type(23);  // E2M1
  graph.mutable_initializer(2)->set_raw_data(std::string("\x07", 1));
  auto* product = graph.mutable_node(0);
  product->set_input(1, "w");
  addNode(graph, "DequantizeLinear", {"q", "s"}, {"w"});
  const Model model = read(proto);
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_THAT(layerWeight(model, model.layers[0]).as<float>(), ElementsAre(0.5f, 1, -0.25f, 224));
  EXPECT_EQ(reread(model).graph->initializers.size(), 3u);
}

TEST(OnnxKept, EveryOtherTypeOpensToo) {
  for (const int type : {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 24}) {
    auto proto = smallModel();
    auto& tensor = *proto.mutable_graph()->add_initializer();
    tensor.set_name("other");
    tensor.set_data_type(type);
    tensor.add_dims(0);
    EXPECT_EQ(read(proto).layers.size(), 1u) << type;
    EXPECT_EQ(reread(read(proto)).graph->initializers.size(), 2u) << type;
  }
}

}  // namespace
}  // namespace lapidary::core::testing
