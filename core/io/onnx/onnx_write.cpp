// SPDX-License-Identifier: GPL-3.0-or-later
// Writing an ONNX file: every message of onnx.proto field by field, in the numbers of that file.
#include <limits>

#include "core/io/common/file_parts.h"
#include "core/io/common/format.h"
#include "core/io/onnx/onnx.h"
#include "core/io/onnx/onnx_content.h"
#include "core/io/onnx/wire_message.h"
#include "core/model/element_codes.h"

namespace lapidary::core {
namespace {

WireMessage tensorMessage(const std::string& name, const Tensor& tensor, DType stored) {
  WireMessage message;
  for (const std::int64_t dimension : tensor.shape()) message.addVarint(1, dimension);
  message.addVarint(2, codeOf(stored));
  if (!name.empty()) message.addText(8, name);
  message.addTensorBytes(9, name, tensor, stored);
  return message;
}

WireMessage dimensionMessage(const Dimension& dimension) {
  WireMessage message;
  if (dimension.size)
    message.addVarint(1, *dimension.size);
  else if (!dimension.symbol.empty())
    message.addText(2, dimension.symbol);
  return message;
}

WireMessage tensorTypeMessage(const Value& value) {
  WireMessage tensor;
  if (value.dtype) tensor.addVarint(1, codeOf(*value.dtype));
  if (value.shape) {
    WireMessage shape;
    for (const Dimension& dimension : *value.shape) shape.addMessage(1, dimensionMessage(dimension));
    tensor.addMessage(2, std::move(shape));
  }
  WireMessage type;
  type.addMessage(1, std::move(tensor));
  return type;
}

bool isDeclared(const Value& value) { return value.dtype || value.shape || !value.otherType.empty(); }

WireMessage valueMessage(const Value& value) {
  WireMessage message;
  message.addText(1, value.name);
  if (!value.otherType.empty())
    message.addText(2, value.otherType);
  else if (isDeclared(value))
    message.addMessage(2, tensorTypeMessage(value));
  return message;
}

WireMessage graphMessage(const Graph& graph, const std::map<ValueId, DType>& stored);

WireMessage plainGraph(const std::shared_ptr<const Graph>& graph) { return graphMessage(*graph, {}); }
WireMessage plainTensor(const Tensor& tensor) { return tensorMessage("", tensor, tensor.dtype()); }

/// Field numbers and type codes of AttributeProto.
struct AttributeWriter {
  WireMessage& message;

  void operator()(std::int64_t value) { message.addVarint(3, value), message.addVarint(20, 2); }
  void operator()(float value) { message.addFloat(2, value), message.addVarint(20, 1); }
  void operator()(const std::string& value) { message.addText(4, value), message.addVarint(20, 3); }
  void operator()(const Tensor& value) {
    message.addMessage(5, plainTensor(value)), message.addVarint(20, 4);
  }
  void operator()(const std::shared_ptr<const Graph>& value) {
    message.addMessage(6, plainGraph(value)), message.addVarint(20, 5);
  }
  void operator()(const std::vector<float>& values) {
    for (const float value : values) message.addFloat(7, value);
    message.addVarint(20, 6);
  }
  void operator()(const std::vector<std::int64_t>& values) {
    for (const std::int64_t value : values) message.addVarint(8, value);
    message.addVarint(20, 7);
  }
  void operator()(const std::vector<std::string>& values) {
    for (const std::string& value : values) message.addText(9, value);
    message.addVarint(20, 8);
  }
  void operator()(const std::vector<Tensor>& values) {
    for (const Tensor& value : values) message.addMessage(10, plainTensor(value));
    message.addVarint(20, 9);
  }
  void operator()(const KeptAttribute&) {}  // written as a whole
  void operator()(const std::vector<std::shared_ptr<const Graph>>& values) {
    for (const auto& value : values) message.addMessage(11, plainGraph(value));
    message.addVarint(20, 10);
  }
};

std::string_view nameOf(const Graph& graph, ValueId id) {
  return id.valid() ? std::string_view(graph.value(id).name) : std::string_view();
}

WireMessage nodeMessage(const Graph& graph, const Node& node) {
  WireMessage message;
  for (const ValueId input : node.inputs) message.addText(1, nameOf(graph, input));
  for (const ValueId output : node.outputs) message.addText(2, nameOf(graph, output));
  if (!node.name.empty()) message.addText(3, node.name);
  message.addText(4, node.opType);
  for (const auto& [name, value] : node.attributes) {
    if (const auto* kept = std::get_if<KeptAttribute>(&value)) {
      message.addText(5, kept->message);
      continue;
    }
    WireMessage attribute;
    attribute.addText(1, name);
    std::visit(AttributeWriter{attribute}, value);
    message.addMessage(5, std::move(attribute));
  }
  if (!node.domain.empty()) message.addText(7, node.domain);
  return message;
}

/// Declared types of values between nodes; those of inputs, outputs and initialisers stand elsewhere.
void addInnerTypes(WireMessage& message, const Graph& graph) {
  std::vector<bool> skipped(graph.values.size(), false);
  for (const ValueId id : graph.outputs) skipped[id.index] = true;
  for (std::size_t i = 0; i < graph.values.size(); ++i) {
    const Value& value = graph.values[i];
    if (value.producer.valid() && !skipped[i] && isDeclared(value))
      message.addMessage(13, valueMessage(value));
  }
}

WireMessage graphMessage(const Graph& graph, const std::map<ValueId, DType>& stored) {
  WireMessage message;
  for (const Node& node : graph.nodes) message.addMessage(1, nodeMessage(graph, node));
  message.addText(2, graph.name);
  for (const auto& [id, tensor] : graph.initializers) {
    const auto type = stored.find(id);
    message.addMessage(
        5, tensorMessage(graph.value(id).name, tensor, type == stored.end() ? tensor.dtype() : type->second));
  }
  for (const auto& [id, kept] : graph.kept) message.addText(5, kept.message);
  for (const ValueId id : graph.inputs) message.addMessage(11, valueMessage(graph.value(id)));
  for (const ValueId id : graph.outputs) message.addMessage(12, valueMessage(graph.value(id)));
  addInnerTypes(message, graph);
  return message;
}

void addHeader(WireMessage& message, const Provenance& source, std::int64_t irVersion) {
  message.addVarint(1, irVersion);
  if (!source.producer.empty()) message.addText(2, source.producer);
  if (!source.producerVersion.empty()) message.addText(3, source.producerVersion);
  if (!source.domain.empty()) message.addText(4, source.domain);
  if (source.modelVersion != 0) message.addVarint(5, source.modelVersion);
  if (!source.notes.empty()) message.addText(6, source.notes);
}

WireMessage modelMessage(const Model& model) {
  if (!model.runnable() && model.graph->outputs.empty())
    throw Error(ErrorKind::Unsupported,
                "an ONNX file needs a graph, and this model has weights only: choose " +
                    endingFor("safetensors") + " or " + endingFor("NumPy npz"));
  const OnnxContent content = onnxContent(model);
  WireMessage message;
  addHeader(message, model.source, content.irVersion);
  message.addMessage(7, graphMessage(content.graph, content.stored));
  for (const OpsetImport& import : content.opsets) {
    WireMessage opset;
    if (!import.domain.empty()) opset.addText(1, import.domain);
    opset.addVarint(2, import.version);
    message.addMessage(8, std::move(opset));
  }
  for (const auto& [key, value] : model.source.metadata) {
    WireMessage entry;
    entry.addText(1, key);
    entry.addText(2, value);
    message.addMessage(14, std::move(entry));
  }
  if (message.size() > std::numeric_limits<std::int32_t>::max())
    throw Error(ErrorKind::Unsupported, "an ONNX file holds at most 2 GiB, this model takes " +
                                            std::to_string(message.size()) + " bytes: choose " +
                                            endingFor("safetensors"));
  return message;
}

}  // namespace

void writeOnnx(const Model& model, const Append& append, const Progress& progress) {
  const WireMessage message = modelMessage(model);
  message.write([&](std::span<const std::byte> bytes) {
    progress.check();
    append(bytes);
  });
}

std::vector<FilePart> onnxParts(const Model& model) { return modelMessage(model).parts(); }

std::uint64_t sizeOfOnnx(const Model& model) { return modelMessage(model).size(); }

}  // namespace lapidary::core
