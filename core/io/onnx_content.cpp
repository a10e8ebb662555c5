#include "core/io/onnx_content.h"

#include <algorithm>
#include <cmath>

#include "core/io/graph_editor.h"
#include "core/io/onnx_upgrade.h"
#include "core/model/dequantize.h"
#include "core/model/element_codes.h"
#include "core/model/override.h"

namespace lapidary::core {
namespace {

bool isSigned(const WeightEncoding& encoding) {
  return encoding.codes.dtype() == DType::Int8 || encoding.codes.dtype() == DType::Int16;
}

/// The narrowest type of DequantizeLinear that holds so many bits.
DType storageOf(const WeightEncoding& encoding) {
  if (encoding.bits <= 4) return isSigned(encoding) ? DType::Int4 : DType::UInt4;
  if (encoding.bits <= 8) return isSigned(encoding) ? DType::Int8 : DType::UInt8;
  return isSigned(encoding) ? DType::Int16 : DType::UInt16;
}

/// DequantizeLinear takes an axis since opset 13, 4- and 16-bit integers since opset 21.
std::int64_t opsetFor(const WeightEncoding& encoding) {
  const DType type = storageOf(encoding);
  return type == DType::Int8 || type == DType::UInt8 ? 13 : 21;
}

/// QuantizeLinear came with opset 10, DynamicQuantizeLinear with 11.
std::int64_t opsetFor(const Node& node) {
  if (!node.domain.empty()) return 0;
  if (node.opType == "DynamicQuantizeLinear") return 11;
  return node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear" ? 10 : 0;
}

/// The IR version that came with an opset (onnx/docs/Versioning.md); before 4, initialisers would
/// have to be listed as inputs.
std::int64_t irVersionFor(std::int64_t opset) {
  if (opset >= 21) return 10;
  if (opset >= 19) return 9;
  if (opset >= 15) return 8;
  if (opset >= 12) return 7;
  if (opset >= 11) return 6;
  return opset >= 10 ? 5 : 4;
}

bool isAllZero(const Tensor& tensor) {
  return std::all_of(tensor.bytes().begin(), tensor.bytes().end(),
                     [](std::byte b) { return b == std::byte{0}; });
}

/// One value per channel, in a shape that broadcasts over the weight.
Tensor alongAxis(const Tensor& tensor, const WeightEncoding& encoding) {
  if (encoding.axis < 0) return tensor;
  Shape shape(encoding.codes.rank(), 1);
  shape[static_cast<std::size_t>(encoding.axis)] = tensor.size();
  return tensor.reshaped(shape);
}

/// Puts the nodes that compute the weights from their codes before all others.
class EncodingWriter {
 public:
  explicit EncodingWriter(OnnxContent& content) : m_content(content), m_editor(content.graph) {}

  void add(ValueId weight, const WeightEncoding& encoding, DType type) {
    const std::string name = m_content.graph.value(weight).name;
    m_content.graph.initializers.erase(weight);
    m_content.stored.erase(weight);
    const ValueId codes = constant(name + "_q", encoding.codes, storageOf(encoding));
    const ValueId scale = m_editor.addConstant(name + "_scale", encoding.scale);
    ValueId zero;
    if (encoding.zeroPoint.defined() && !isAllZero(encoding.zeroPoint))
      zero = constant(name + "_zero_point", encoding.zeroPoint, storageOf(encoding));
    const bool cast = type != DType::Float32;
    const bool scaled = encoding.inputScale.defined();
    const ValueId last = cast ? m_editor.addValue(name + "_float") : weight;
    const ValueId floats = scaled ? m_editor.addValue(name + "_unscaled") : last;
    if (encoding.offset.defined()) {
      const ValueId plain = dequantize(encoding, {codes, scale, zero}, m_editor.addValue(name + "_dq"));
      addOffset(name, encoding, {codes, scale, zero}, plain, floats);
    } else if (!cast && !scaled && feedsMatMul(weight)) {
      const ValueId plain = dequantize(encoding, {codes, scale, zero}, m_editor.addValue(name + "_dq"));
      node("Sum", {plain}, floats);
    } else {
      dequantize(encoding, {codes, scale, zero}, floats);
    }
    if (scaled) {
      const Tensor factors = encoding.inputScale.reshaped(inputScaleShape(encoding));
      node("Mul", {floats, m_editor.addConstant(name + "_input_scale", factors)}, last);
    }
    if (cast) node("Cast", {last}, weight).attributes["to"] = codeOf(type);
  }

  void finish() {
    auto& nodes = m_content.graph.nodes;
    const auto added = static_cast<std::uint32_t>(m_nodes.size());
    for (Value& value : m_content.graph.values)
      if (value.producer.valid()) value.producer.index += added;
    nodes.insert(nodes.begin(), std::make_move_iterator(m_nodes.begin()),
                 std::make_move_iterator(m_nodes.end()));
    for (std::uint32_t i = 0; i < added; ++i)
      for (const ValueId output : nodes[i].outputs) m_content.graph.values[output.index].producer = NodeId{i};
  }

 private:
  struct Integers {
    ValueId codes, scale, zero;
  };

  /// ONNX Runtime turns DequantizeLinear and MatMul into one operator that rounds the activations to 8
  /// bits by default: its answers would not be those that were measured. A Sum of one value between the
  /// two prevents that.
  bool feedsMatMul(ValueId weight) const {
    return std::ranges::any_of(m_content.graph.nodes, [&](const Node& reader) {
      return reader.opType == "MatMul" && std::ranges::find(reader.inputs, weight) != reader.inputs.end();
    });
  }

  ValueId constant(const std::string& name, const Tensor& tensor, DType stored) {
    const ValueId id = m_editor.addConstant(name, tensor);
    if (stored != tensor.dtype()) m_content.stored[id] = stored;
    return id;
  }

  /// Without a name: names of nodes must be unique, and their outputs tell what they are.
  Node& node(const std::string& op, std::vector<ValueId> inputs, ValueId output) {
    m_nodes.push_back({"", op, "", std::move(inputs), {output}, {}});
    return m_nodes.back();
  }

  ValueId dequantize(const WeightEncoding& encoding, const Integers& in, ValueId output) {
    std::vector<ValueId> inputs{in.codes, in.scale};
    if (in.zero.valid()) inputs.push_back(in.zero);
    Node& added = node("DequantizeLinear", std::move(inputs), output);
    if (encoding.axis >= 0) added.attributes["axis"] = std::int64_t{encoding.axis};
    return output;
  }

  /// y + offset * |sign(y)|, so that the zero point stays an exact zero, or y + offset.
  void addOffset(const std::string& name, const WeightEncoding& encoding, Integers in, ValueId plain,
                 ValueId output) {
    ValueId shift = m_editor.addConstant(name + "_offset", alongAxis(encoding.offset, encoding));
    if (!encoding.offsetEverywhere) {
      const ValueId sign = m_editor.addValue(name + "_sign"), mask = m_editor.addValue(name + "_mask");
      const ValueId masked = m_editor.addValue(name + "_shift");
      node("Sign", {marksOf(name, encoding, in, plain)}, sign);
      node("Abs", {sign}, mask);
      node("Mul", {mask, shift}, masked);
      shift = masked;
    }
    node("Add", {plain, shift}, output);
  }

  /// A value that is zero exactly at the zero point. Where a scale is 0 the dequantized one is not.
  ValueId marksOf(const std::string& name, const WeightEncoding& encoding, Integers in, ValueId plain) {
    if (std::ranges::none_of(encoding.scale.as<float>(), [](float s) { return s == 0.0f; })) return plain;
    in.scale = m_editor.addConstant(name + "_ones", ones(encoding.scale.shape()));
    return dequantize(encoding, in, m_editor.addValue(name + "_steps"));
  }

  static Tensor ones(const Shape& shape) {
    TensorBuilder builder(DType::Float32, shape);
    std::ranges::fill(builder.as<float>(), 1.0f);
    return std::move(builder).build();
  }

  OnnxContent& m_content;
  GraphEditor m_editor;
  std::vector<Node> m_nodes;
};

/// Edited weights keep the type that the file gave them.
void keepTypes(const Model& model, OnnxContent& content) {
  for (const auto& [id, tensor] : model.weights) {
    const auto original = model.graph->initializers.find(id);
    if (original != model.graph->initializers.end() && original->second.id() == tensor.id()) continue;
    const auto type = storedType(*model.graph, id);
    if (type && *type != tensor.dtype() && isFloating(tensor.dtype())) content.stored[id] = *type;
  }
}

void raiseOpset(const Model& model, OnnxContent& content, std::int64_t needed) {
  const std::int64_t current = model.opset();
  if (current >= needed || (current == 0 && content.graph.nodes.empty())) return;
  if (!model.source.functions.empty())
    throw Error(ErrorKind::Unsupported,
                "the model defines functions of its own, which cannot be rewritten for opset " +
                    std::to_string(needed) + ": use 5 to 8 bits, or none");
  upgradeOpset(content.graph, current, needed);
  for (OpsetImport& import : content.opsets)
    if (import.domain.empty() || import.domain == "ai.onnx") import.version = needed;
}

}  // namespace

OnnxContent onnxContent(const Model& model) {
  OnnxContent content{withWeights(model), {}, model.source.opsets, 0};
  keepTypes(model, content);
  std::int64_t needed = 0;
  for (const auto& [id, encoding] : model.encodings) needed = std::max(needed, opsetFor(*encoding));
  for (const Node& node : model.graph->nodes) needed = std::max(needed, opsetFor(node));
  raiseOpset(model, content, needed);
  EncodingWriter writer(content);
  for (const auto& [id, encoding] : model.encodings)
    writer.add(id, *encoding, storedType(*model.graph, id).value_or(DType::Float32));
  writer.finish();
  content.irVersion = std::max(model.source.irVersion, irVersionFor(std::max(needed, model.opset())));
  return content;
}

}  // namespace lapidary::core
