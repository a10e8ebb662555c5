// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/constants.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include "core/model/dequantize.h"
#include "core/model/element_codes.h"
#include "core/model/lookup.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

/// Longer chains of conversions than this are not followed, so that a file cannot exhaust the stack.
constexpr int longestChain = 8;

const Node* producerOf(const Graph& graph, ValueId value) {
  const NodeId producer = graph.value(value).producer;
  return producer.valid() ? &graph.node(producer) : nullptr;
}

/// The axes of a Transpose, checked; empty where they do not fit the rank.
std::vector<std::int64_t> permutation(const Node& node, std::size_t rank) {
  std::vector<std::int64_t> reversed(rank);
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  auto axes = node.intsOr("perm", reversed);
  if (axes.size() != rank) return {};
  std::vector<bool> seen(rank, false);
  for (const std::int64_t axis : axes) {
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank) || seen[static_cast<std::size_t>(axis)])
      return {};
    seen[static_cast<std::size_t>(axis)] = true;
  }
  return axes;
}

std::optional<ConstantInfo> infoOf(const Graph& graph, ValueId value, int depth);

/// A Sum of one value is that value; exports use it to keep a DequantizeLinear apart from its reader.
bool passesThrough(const Node& node) {
  return node.opType == "Identity" || (node.opType == "Sum" && node.inputs.size() == 1);
}

bool isArithmetic(const Node& node) {
  const std::string& op = node.opType;
  return op == "Add" || op == "Sub" || op == "Mul" || op == "Sign" || op == "Abs";
}

/// The larger operand keeps its shape; the other one is broadcast over it.
bool broadcastsTo(const Shape& small, const Shape& large) {
  if (small.size() > large.size()) return false;
  for (std::size_t i = 0; i < small.size(); ++i) {
    const std::int64_t dimension = small[small.size() - 1 - i];
    if (dimension != 1 && dimension != large[large.size() - 1 - i]) return false;
  }
  return true;
}

std::optional<ConstantInfo> infoOfArithmetic(const Graph& graph, const Node& node, int depth) {
  const auto left = infoOf(graph, node.inputs[0], depth + 1);
  if (!left || left->dtype != DType::Float32) return std::nullopt;
  if (node.inputs.size() == 1) return left;
  const ValueId other = node.input(1);
  const auto right = other.valid() ? infoOf(graph, other, depth + 1) : std::nullopt;
  if (!right || right->dtype != DType::Float32) return std::nullopt;
  if (broadcastsTo(right->shape, left->shape)) return left;
  return broadcastsTo(left->shape, right->shape) ? right : std::nullopt;
}

std::optional<ConstantInfo> infoOfLookup(const Graph& graph, const Node& node, int depth) {
  const ValueId at = node.input(1);
  const auto table = infoOf(graph, node.inputs[0], depth + 1);
  const auto indices = at.valid() ? infoOf(graph, at, depth + 1) : std::nullopt;
  if (!table || !indices || table->dtype != DType::Float32 || isFloating(indices->dtype)) return std::nullopt;
  const auto shape = lookupShape(table->shape, indices->shape, node.intOr("axis", 0));
  if (!shape) return std::nullopt;
  return ConstantInfo{table->dtype, *shape, indices->root};
}

/// A Reshape to sizes that an initialiser gives.
std::optional<ConstantInfo> infoOfReshape(const Graph& graph, const Node& node, ConstantInfo info) {
  const auto sizes = graph.initializers.find(node.input(1));
  if (sizes == graph.initializers.end() || sizes->second.dtype() != DType::Int64) return std::nullopt;
  const std::vector<std::int64_t> shape = toInt64(sizes->second);
  std::int64_t left = elementCount(info.shape);
  for (const std::int64_t size : shape) {
    if (size < 1 || left % size != 0) return std::nullopt;
    left /= size;
  }
  if (left != 1) return std::nullopt;
  info.shape = shape;
  return info;
}

std::optional<ConstantInfo> infoThrough(const Graph& graph, const Node& node, ValueId value, int depth) {
  if (node.opType == "Constant") {
    const Tensor* tensor = node.find<Tensor>("value");
    if (tensor == nullptr) return std::nullopt;
    return ConstantInfo{tensor->dtype(), tensor->shape(), value};
  }
  if (!node.input(0).valid()) return std::nullopt;
  if (isArithmetic(node)) return infoOfArithmetic(graph, node, depth);
  if (node.opType == "Gather") return infoOfLookup(graph, node, depth);
  auto info = infoOf(graph, node.inputs[0], depth + 1);
  if (!info || passesThrough(node)) return info;
  if (node.opType == "Reshape") return infoOfReshape(graph, node, *info);
  if (node.opType == "Cast") {
    const auto to = dtypeOfCode(node.intOr("to", 0));
    if (!to) return std::nullopt;
    info->dtype = *to;
    return info;
  }
  if (node.opType == "Transpose") {
    const auto axes = permutation(node, info->shape.size());
    if (axes.size() != info->shape.size()) return std::nullopt;
    const Shape from = info->shape;
    for (std::size_t i = 0; i < axes.size(); ++i) info->shape[i] = from[static_cast<std::size_t>(axes[i])];
    return info;
  }
  if (node.opType != "DequantizeLinear" || !node.input(1).valid()) return std::nullopt;
  const auto scale = infoOf(graph, node.inputs[1], depth + 1);
  if (!scale || (node.input(2).valid() && !infoOf(graph, node.inputs[2], depth + 1))) return std::nullopt;
  info->dtype = scale->dtype;
  return info;
}

std::optional<ConstantInfo> infoOf(const Graph& graph, ValueId value, int depth) {
  if (depth > longestChain) return std::nullopt;
  if (const auto it = graph.initializers.find(value); it != graph.initializers.end())
    return ConstantInfo{it->second.dtype(), it->second.shape(), value};
  const Node* node = producerOf(graph, value);
  if (node == nullptr || !isStandardDomain(node->domain)) return std::nullopt;
  return infoThrough(graph, *node, value, depth);
}

/// Any rank; elements are moved as bytes, packed types after widening.
Tensor transposed(const Tensor& tensor, const std::vector<std::int64_t>& axes) {
  if (bitsOf(tensor.dtype()) < 8)
    return convert(transposed(convert(tensor, DType::Int8), axes), tensor.dtype());
  const std::size_t rank = axes.size();
  const std::size_t width = bitsOf(tensor.dtype()) / 8;
  std::vector<std::size_t> stride(rank, 1), step(rank), index(rank, 0);
  for (std::size_t i = rank; i-- > 1;)
    stride[i - 1] = stride[i] * static_cast<std::size_t>(tensor.shape()[i]);
  Shape shape(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const auto from = static_cast<std::size_t>(axes[i]);
    shape[i] = tensor.shape()[from];
    step[i] = stride[from];
  }
  TensorBuilder builder(tensor.dtype(), shape);
  std::size_t source = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(builder.size()); ++i) {
    std::memcpy(builder.bytes().data() + i * width, tensor.bytes().data() + source * width, width);
    for (std::size_t axis = rank; axis-- > 0;) {
      source += step[axis];
      if (++index[axis] < static_cast<std::size_t>(shape[axis])) break;
      source -= step[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return std::move(builder).build();
}

/// `small` repeated to the shape of `large`, as its index for every element.
std::vector<std::size_t> broadcastIndex(const Shape& small, const Shape& large) {
  std::vector<std::size_t> index(static_cast<std::size_t>(elementCount(large)), 0);
  std::size_t block = 1, stride = 1;
  for (std::size_t i = 0; i < small.size(); ++i) {
    const auto extent = static_cast<std::size_t>(large[large.size() - 1 - i]);
    if (small[small.size() - 1 - i] != 1) {
      for (std::size_t at = 0; at < index.size(); ++at) index[at] += at / block % extent * stride;
      stride *= extent;
    }
    block *= extent;
  }
  return index;
}

Tensor arithmetic(const std::string& op, const Tensor& left, const Tensor& right) {
  const bool leftLarge = broadcastsTo(right.shape(), left.shape());
  const Shape& shape = leftLarge ? left.shape() : right.shape();
  const auto l = broadcastIndex(left.shape(), shape), r = broadcastIndex(right.shape(), shape);
  TensorBuilder builder(DType::Float32, shape);
  const auto a = left.as<float>(), b = right.as<float>();
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = op == "Add" ? a[l[i]] + b[r[i]] : op == "Sub" ? a[l[i]] - b[r[i]] : a[l[i]] * b[r[i]];
  return std::move(builder).build();
}

Tensor unary(const std::string& op, const Tensor& in) {
  TensorBuilder builder(DType::Float32, in.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float x = in.as<float>()[i];
    out[i] = op == "Abs" ? std::fabs(x) : x > 0 ? 1.0f : x < 0 ? -1.0f : x;
  }
  return std::move(builder).build();
}

Tensor fold(const Graph& graph, const std::map<ValueId, Tensor>& weights, ValueId value) {
  if (const auto it = weights.find(value); it != weights.end()) return it->second;
  if (const auto it = graph.initializers.find(value); it != graph.initializers.end()) return it->second;
  const Node& node = *producerOf(graph, value);
  if (node.opType == "Constant") return *node.find<Tensor>("value");
  const Tensor in = fold(graph, weights, node.inputs[0]);
  if (passesThrough(node)) return in;
  if (isArithmetic(node))
    return node.inputs.size() == 1 ? unary(node.opType, in)
                                   : arithmetic(node.opType, in, fold(graph, weights, node.inputs[1]));
  if (node.opType == "Cast") return convert(in, *dtypeOfCode(node.intOr("to", 0)));
  if (node.opType == "Transpose") return transposed(in, permutation(node, in.rank()));
  if (node.opType == "Reshape") return in.reshaped(toInt64(graph.initializers.at(node.inputs[1])));
  if (node.opType == "Gather")
    return lookedUp(in, fold(graph, weights, node.inputs[1]), node.intOr("axis", 0));
  const Tensor scale = fold(graph, weights, node.inputs[1]);
  const ValueId zero = node.input(2);
  const Tensor zeroPoint = zero.valid() ? fold(graph, weights, zero) : Tensor();
  return convert(dequantized(in, scale, zeroPoint, node.intOr("axis", 1), node.intOr("block_size", 0)),
                 scale.dtype());
}

}  // namespace

std::optional<ConstantInfo> constantInfo(const Graph& graph, ValueId value) {
  if (!value.valid()) return std::nullopt;
  return infoOf(graph, value, 0);
}

Tensor foldConstant(const Graph& graph, const std::map<ValueId, Tensor>& weights, ValueId value) {
  if (const auto it = weights.find(value); it != weights.end()) return it->second;
  if (!constantInfo(graph, value))
    throw Error(ErrorKind::Unsupported, "value '" + graph.value(value).name + "' is not a constant");
  return withContext("value '" + graph.value(value).name + "'", [&] { return fold(graph, weights, value); });
}

}  // namespace lapidary::core
