// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_encoding.h"

#include <algorithm>

#include "core/model/element_codes.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {
namespace {

bool isSigned(const WeightEncoding& encoding) {
  return encoding.codes.dtype() == DType::Int8 || encoding.codes.dtype() == DType::Int16;
}

bool isAllZero(const Tensor& tensor) {
  return std::all_of(tensor.bytes().begin(), tensor.bytes().end(),
                     [](std::byte b) { return b == std::byte{0}; });
}

bool hasZeroPoint(const WeightEncoding& encoding) {
  return encoding.zeroPoint.defined() && !isAllZero(encoding.zeroPoint);
}

bool isOne(const Tensor& scale) { return scale.size() == 1 && scale.as<float>()[0] == 1.0f; }

WeightMatrix matrixOf(const WeightEncoding& encoding) {
  return weightMatrix(encoding.codes.shape(), std::max(0, encoding.axis));
}

/// Codes in the shape in which they are written.
Tensor laidOut(const WeightEncoding& encoding) {
  return encoding.blockSize > 0 ? encoding.codes.reshaped(matrixOf(encoding).shape()) : encoding.codes;
}

/// The axis of blocks in the written shape.
std::int64_t inputAxis(const WeightEncoding& encoding) { return matrixOf(encoding).inputsFirst ? 0 : 1; }

/// One value per channel, in a shape that broadcasts over the weight.
Tensor alongAxis(const Tensor& tensor, const WeightEncoding& encoding) {
  if (encoding.axis < 0) return tensor;
  Shape shape(encoding.codes.rank(), 1);
  shape[static_cast<std::size_t>(encoding.axis)] = tensor.size();
  return tensor.reshaped(shape);
}

/// One value per input, likewise.
Tensor alongInputs(const Tensor& tensor, const WeightEncoding& encoding) {
  const WeightMatrix matrix = matrixOf(encoding);
  Shape shape = encoding.codes.shape();
  std::size_t passed = 1;
  for (std::int64_t& size : shape) {
    const auto extent = static_cast<std::size_t>(size);
    const bool isInput = matrix.inputsFirst ? passed < matrix.inputs : passed >= matrix.outputs;
    passed *= extent;
    if (!isInput) size = 1;
  }
  return tensor.reshaped(shape);
}

/// The block of every input.
Tensor blockOfInput(const WeightEncoding& encoding) {
  TensorBuilder builder(DType::Int32, {static_cast<std::int64_t>(matrixOf(encoding).inputs)});
  const auto blocks = builder.as<std::int32_t>();
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i] = static_cast<std::int32_t>(i / static_cast<std::size_t>(encoding.blockSize));
  return std::move(builder).build();
}

/// Whether scales or offsets are repeated over blocks by a Gather.
bool spreadsBlocks(const WeightEncoding& encoding) {
  return encoding.blockSize > 0 &&
         (encoding.offset.defined() || (encoding.codebook.defined() && !isOne(encoding.scale)));
}

Tensor ones(const Shape& shape) {
  TensorBuilder builder(DType::Float32, shape);
  std::ranges::fill(builder.as<float>(), 1.0f);
  return std::move(builder).build();
}

bool anyScaleIsZero(const WeightEncoding& encoding) {
  return std::ranges::any_of(encoding.scale.as<float>(), [](float s) { return s == 0.0f; });
}

}  // namespace

DType storedCodes(const WeightEncoding& encoding) {
  if (encoding.bits <= 4) return isSigned(encoding) ? DType::Int4 : DType::UInt4;
  if (encoding.bits <= 8) return isSigned(encoding) ? DType::Int8 : DType::UInt8;
  return isSigned(encoding) ? DType::Int16 : DType::UInt16;
}

/// 4- and 16-bit integers and block_size came with opset 21; DequantizeLinear takes an axis since opset 13;
/// Mul broadcasts since opset 7.
std::int64_t opsetFor(const WeightEncoding& encoding) {
  const DType type = storedCodes(encoding);
  const bool bytes = type == DType::Int8 || type == DType::UInt8;
  if (!bytes) return 21;
  if (encoding.codebook.defined()) return 7;
  return encoding.blockSize > 0 ? 21 : 13;
}

std::uint64_t onnxBytes(const WeightEncoding& encoding) {
  const auto packed = [&](const Tensor& integers) {
    return byteCount(storedCodes(encoding), integers.size());
  };
  std::uint64_t bytes = packed(encoding.codes);
  if (hasZeroPoint(encoding)) bytes += packed(encoding.zeroPoint);
  if (!encoding.codebook.defined() || !isOne(encoding.scale)) bytes += encoding.scale.bytes().size();
  for (const Tensor* part : {&encoding.offset, &encoding.codebook, &encoding.inputScale})
    if (part->defined()) bytes += part->bytes().size();
  if (spreadsBlocks(encoding)) bytes += sizeof(std::int32_t) * matrixOf(encoding).inputs;
  if (encoding.blockSize > 0 && encoding.codes.rank() != 2)
    bytes += sizeof(std::int64_t) * encoding.codes.rank();
  return bytes;
}

void EncodingWriter::add(ValueId weight, const WeightEncoding& encoding, DType type) {
  const std::string name = m_content.graph.value(weight).name;
  m_content.graph.initializers.erase(weight);
  m_content.stored.erase(weight);
  ValueId last = encoding.codebook.defined() ? entries(name, encoding) : numbers(name, encoding);
  if (encoding.blockSize > 0 && encoding.codes.rank() != 2) last = reshaped(name, encoding, last);
  if (encoding.inputScale.defined())
    last = computed(
        "Mul",
        {last, m_editor.addConstant(name + "_input_scale", alongInputs(encoding.inputScale, encoding))},
        name + "_balanced");
  if (type != DType::Float32) {
    last = computed("Cast", {last}, name + "_cast");
    m_nodes.back().attributes["to"] = codeOf(type);
  }
  m_nodes.back().outputs = {weight};
}

ValueId EncodingWriter::constant(const std::string& name, const Tensor& tensor, DType stored) {
  const ValueId id = m_editor.addConstant(name, tensor);
  if (stored != tensor.dtype()) m_content.stored[id] = stored;
  return id;
}

/// Without a name: names of nodes must be unique, and their outputs tell what they are.
Node& EncodingWriter::node(const std::string& op, std::vector<ValueId> inputs, ValueId output) {
  m_nodes.push_back({"", op, "", std::move(inputs), {output}, {}});
  return m_nodes.back();
}

ValueId EncodingWriter::computed(const std::string& op, std::vector<ValueId> inputs,
                                 const std::string& name) {
  const ValueId output = m_editor.addValue(name);
  node(op, std::move(inputs), output);
  return output;
}

ValueId EncodingWriter::dequantized(const WeightEncoding& encoding, const Integers& in,
                                    const std::string& name) {
  std::vector<ValueId> inputs{in.codes, in.scale};
  if (in.zero.valid()) inputs.push_back(in.zero);
  const ValueId output = computed("DequantizeLinear", std::move(inputs), name);
  auto& attributes = m_nodes.back().attributes;
  if (encoding.blockSize > 0) {
    attributes["axis"] = inputAxis(encoding);
    attributes["block_size"] = encoding.blockSize;
  } else if (encoding.axis >= 0) {
    attributes["axis"] = std::int64_t{encoding.axis};
  }
  return output;
}

ValueId EncodingWriter::numbers(const std::string& name, const WeightEncoding& encoding) {
  const DType stored = storedCodes(encoding);
  Integers in;
  in.codes = constant(name + "_q", laidOut(encoding), stored);
  in.scale = m_editor.addConstant(name + "_scale", encoding.scale);
  if (hasZeroPoint(encoding)) in.zero = constant(name + "_zero_point", encoding.zeroPoint, stored);
  const ValueId plain = dequantized(encoding, in, name + "_dq");
  return encoding.offset.defined() ? withOffset(name, encoding, in, plain) : plain;
}

ValueId EncodingWriter::entries(const std::string& name, const WeightEncoding& encoding) {
  const ValueId codes = constant(name + "_q", laidOut(encoding), storedCodes(encoding));
  const ValueId table = m_editor.addConstant(name + "_codebook", encoding.codebook);
  const ValueId indices = computed("Cast", {codes}, name + "_indices");
  m_nodes.back().attributes["to"] = codeOf(DType::Int32);
  const ValueId plain = computed("Gather", {table, indices}, name + "_entries");
  if (isOne(encoding.scale)) return plain;
  return computed("Mul", {plain, spread(name + "_scale", encoding, encoding.scale)}, name + "_scaled");
}

ValueId EncodingWriter::withOffset(const std::string& name, const WeightEncoding& encoding, Integers in,
                                   ValueId plain) {
  ValueId shift = spread(name + "_offset", encoding, encoding.offset);
  if (!encoding.offsetEverywhere) {
    // What is zero exactly at the zero point. Where a scale is 0 the dequantized value is not.
    ValueId marks = plain;
    if (anyScaleIsZero(encoding)) {
      in.scale = m_editor.addConstant(name + "_ones", ones(encoding.scale.shape()));
      marks = dequantized(encoding, in, name + "_steps");
    }
    const ValueId mask = computed("Abs", {computed("Sign", {marks}, name + "_sign")}, name + "_mask");
    shift = computed("Mul", {mask, shift}, name + "_shift");
  }
  return computed("Add", {plain, shift}, name + "_shifted");
}

/// One value a group, as a value that broadcasts over the written codes.
ValueId EncodingWriter::spread(const std::string& name, const WeightEncoding& encoding,
                               const Tensor& perGroup) {
  if (encoding.blockSize == 0) return m_editor.addConstant(name, alongAxis(perGroup, encoding));
  const ValueId blocks = m_editor.addConstant(name + "_blocks", blockOfInput(encoding));
  const ValueId spread = computed("Gather", {m_editor.addConstant(name, perGroup), blocks}, name + "_spread");
  m_nodes.back().attributes["axis"] = inputAxis(encoding);
  return spread;
}

ValueId EncodingWriter::reshaped(const std::string& name, const WeightEncoding& encoding, ValueId matrix) {
  const Shape& shape = encoding.codes.shape();
  const Tensor sizes = Tensor::from<std::int64_t>({static_cast<std::int64_t>(shape.size())}, shape);
  return computed("Reshape", {matrix, m_editor.addConstant(name + "_shape", sizes)}, name + "_reshaped");
}

std::size_t EncodingWriter::finish() {
  auto& nodes = m_content.graph.nodes;
  const auto added = static_cast<std::uint32_t>(m_nodes.size());
  for (Value& value : m_content.graph.values)
    if (value.producer.valid()) value.producer.index += added;
  nodes.insert(nodes.begin(), std::make_move_iterator(m_nodes.begin()),
               std::make_move_iterator(m_nodes.end()));
  for (std::uint32_t i = 0; i < added; ++i)
    for (const ValueId output : nodes[i].outputs) m_content.graph.values[output.index].producer = NodeId{i};
  return added;
}

}  // namespace lapidary::core
