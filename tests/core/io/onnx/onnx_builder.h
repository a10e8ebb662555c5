// SPDX-License-Identifier: GPL-3.0-or-later
// Small ONNX models built with libonnx's own classes, for tests of the reader.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

#include "core/io/common/format.h"
#include "tests/support/test_bytes.h"

namespace lapidary::core::testing {

inline onnx::ValueInfoProto floatValue(const std::string& name, const std::vector<std::int64_t>& shape) {
  onnx::ValueInfoProto value;
  value.set_name(name);
  auto* type = value.mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t size : shape) type->mutable_shape()->add_dim()->set_dim_value(size);
  return value;
}

inline onnx::TensorProto floatTensor(const std::string& name, const std::vector<std::int64_t>& shape,
                                     const std::vector<float>& values) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t size : shape) tensor.add_dims(size);
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
  return tensor;
}

inline onnx::NodeProto* addNode(onnx::GraphProto& graph, const std::string& op,
                                const std::vector<std::string>& inputs,
                                const std::vector<std::string>& outputs, const std::string& name = "") {
  auto* node = graph.add_node();
  node->set_op_type(op);
  node->set_name(name);
  for (const auto& input : inputs) node->add_input(input);
  for (const auto& output : outputs) node->add_output(output);
  return node;
}

inline onnx::AttributeProto* addAttribute(onnx::NodeProto& node, const std::string& name,
                                          onnx::AttributeProto::AttributeType type) {
  auto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(type);
  return attribute;
}

/// y = x * w with w 2x2, opset 13.
inline onnx::ModelProto smallModel() {
  onnx::ModelProto model;
  model.set_ir_version(8);
  model.add_opset_import()->set_version(13);
  auto& graph = *model.mutable_graph();
  graph.set_name("small");
  *graph.add_input() = floatValue("x", {1, 2});
  *graph.add_output() = floatValue("y", {1, 2});
  *graph.add_initializer() = floatTensor("w", {2, 2}, {1, 2, 3, 4});
  addNode(graph, "MatMul", {"x", "w"}, {"y"}, "product");
  return model;
}

inline Model read(const onnx::ModelProto& model, const std::string& folder = "") {
  return readModel(ReadSource{bytesOf(model.SerializeAsString()), "m.onnx", folder});
}

/// Gives what a format's writer writes, in memory.
inline std::string written(const Model& model, const std::string& ending = ".onnx") {
  std::string text;
  formatForPath("m" + ending)
      ->write(model,
              [&](std::span<const std::byte> bytes) {
                text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
              },
              {});
  return text;
}

inline Model reread(const Model& model, const std::string& ending = ".onnx") {
  return readModel(ReadSource{bytesOf(written(model, ending)), "m" + ending, ""});
}

}  // namespace lapidary::core::testing
