// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/stored_encoding.h"

#include <algorithm>

#include "core/model/constants.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

/// The node that computes the weight, exports' Identity and Sum of one value aside.
const Node* dequantizeOf(const Graph& graph, ValueId value) {
  for (int depth = 0; depth < 4; ++depth) {
    const NodeId producer = graph.value(value).producer;
    if (!producer.valid()) return nullptr;
    const Node& node = graph.node(producer);
    if (!isStandardDomain(node.domain)) return nullptr;
    if (node.opType == "DequantizeLinear") return &node;
    if (node.inputs.size() != 1 || (node.opType != "Identity" && node.opType != "Sum")) return nullptr;
    value = node.inputs[0];
  }
  return nullptr;
}

/// The type that codes are kept as (four and two bits unpacked), or nothing for other types.
std::optional<DType> unpackedType(DType type) {
  if (type == DType::Int4 || type == DType::Int2) return DType::Int8;
  if (type == DType::UInt4 || type == DType::UInt2) return DType::UInt8;
  if (type == DType::Int8 || type == DType::UInt8 || type == DType::Int16 || type == DType::UInt16)
    return type;
  return std::nullopt;
}

Tensor noZeroPoint(DType type, std::int64_t count) {
  return convert(
      Tensor::from<std::int64_t>({count}, std::vector<std::int64_t>(static_cast<std::size_t>(count))), type);
}

template <class T>
Tensor withZerosAs(const WeightEncoding& encoding, std::span<const float> values) {
  const auto codes = encoding.codes.as<T>(), zeros = encoding.zeroPoint.as<T>();
  std::size_t inner = 1;
  const Shape& shape = encoding.codes.shape();
  for (std::size_t i = static_cast<std::size_t>(encoding.axis + 1); encoding.axis >= 0 && i < shape.size();
       ++i)
    inner *= static_cast<std::size_t>(shape[i]);
  TensorBuilder builder(encoding.codes.dtype(), shape);
  for (std::size_t i = 0; i < codes.size(); ++i)
    builder.as<T>()[i] =
        values[i] == 0.0f ? zeros[encoding.axis < 0 ? 0 : i / inner % zeros.size()] : codes[i];
  return std::move(builder).build();
}

}  // namespace

std::shared_ptr<const WeightEncoding> storedEncoding(const Model& model, const Layer& layer) {
  const Graph& graph = *model.graph;
  const Node* node = dequantizeOf(graph, layer.weight);
  if (node == nullptr || node->inputs.size() < 2 || node->intOr("block_size", 0) != 0) return nullptr;
  for (const ValueId input : node->inputs)
    if (input.valid() && !constantInfo(graph, input)) return nullptr;
  const Tensor codes = foldConstant(graph, model.weights, node->inputs[0]);
  Tensor scale = foldConstant(graph, model.weights, node->inputs[1]);
  const auto type = unpackedType(codes.dtype());
  if (!type || scale.dtype() != DType::Float32 || codes.shape() != layer.shape) return nullptr;
  const auto rank = static_cast<std::int64_t>(codes.rank());
  const std::int64_t given = node->intOr("axis", 1), axis = given < 0 ? given + rank : given;
  const bool whole = scale.size() == 1;
  if (!whole && (scale.rank() != 1 || axis < 0 || axis >= rank ||
                 codes.shape()[static_cast<std::size_t>(axis)] != scale.size()))
    return nullptr;
  const bool zero = node->inputs.size() > 2 && node->inputs[2].valid();
  Tensor zeroPoint = zero ? convert(foldConstant(graph, model.weights, node->inputs[2]), *type)
                          : noZeroPoint(*type, scale.size());
  if (zeroPoint.size() != scale.size()) return nullptr;
  const Shape shape = whole ? Shape{} : scale.shape();
  auto encoding = std::make_shared<WeightEncoding>();
  encoding->bits = bitsOf(codes.dtype());
  encoding->codes = convert(codes, *type);
  encoding->scale = scale.reshaped(shape);
  encoding->zeroPoint = zeroPoint.reshaped(shape);
  encoding->axis = whole ? -1 : static_cast<int>(axis);
  return encoding;
}

std::shared_ptr<const WeightEncoding> withZeros(const WeightEncoding& encoding, const Tensor& values) {
  auto pruned = std::make_shared<WeightEncoding>(encoding);
  const auto floats = values.as<float>();
  switch (encoding.codes.dtype()) {
    case DType::Int8:
      pruned->codes = withZerosAs<std::int8_t>(encoding, floats);
      break;
    case DType::UInt8:
      pruned->codes = withZerosAs<std::uint8_t>(encoding, floats);
      break;
    case DType::Int16:
      pruned->codes = withZerosAs<std::int16_t>(encoding, floats);
      break;
    default:
      pruned->codes = withZerosAs<std::uint16_t>(encoding, floats);
  }
  return pruned;
}

}  // namespace lapidary::core
