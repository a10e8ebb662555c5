// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/constants.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/model/constant_arithmetic.h"
#include "core/model/dequantize.h"
#include "core/model/element_codes.h"
#include "core/model/lookup.h"
#include "core/model/shape_rules.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

/// Longer chains of conversions than this are not followed, and no more nodes looked at for one value, so
/// that a file can exhaust neither stack nor patience.
constexpr int longestChain = 24, mostNodes = 200;
/// What says a shape has at most so many entries.
constexpr std::int64_t mostIndices = 64;

const Node* producerOf(const Graph& graph, ValueId value) {
  const NodeId producer = graph.value(value).producer;
  if (!producer.valid()) return nullptr;
  const Node& node = graph.node(producer);
  const bool quantizer = node.opType == "DequantizeLinear" || node.opType == "QuantizeLinear";
  const bool known = isStandardDomain(node.domain) || (quantizer && node.domain == "com.microsoft");
  return known ? &node : nullptr;
}

template <std::size_t N>
bool isOneOf(const Node& node, const std::array<std::string_view, N>& types) {
  return std::ranges::find(types, node.opType) != types.end();
}

/// A Sum of one value is that value; exports use it to keep a DequantizeLinear apart from its reader. A
/// Dropout whose mask nobody reads lets pass what it is given, outside of training.
bool passesThrough(const Node& node) {
  if (node.opType == "Dropout") return node.inputs.size() < 3 && node.outputs.size() == 1;
  return node.opType == "Identity" || (node.opType == "Sum" && node.inputs.size() == 1);
}

bool changesShape(const Node& node) {
  return isOneOf(node, std::array<std::string_view, 4>{"Reshape", "Squeeze", "Unsqueeze", "Flatten"});
}

bool cutsOut(const Node& node) { return isOneOf(node, std::array<std::string_view, 2>{"Slice", "Split"}); }

/// One look at a value, with what it may still cost.
class Look {
 public:
  explicit Look(const Graph& graph) : m_graph(graph) {}

  std::optional<ConstantInfo> info(ValueId value) {
    if (!value.valid() || m_depth >= longestChain) return std::nullopt;
    if (const auto it = m_graph.initializers.find(value); it != m_graph.initializers.end())
      return ConstantInfo{it->second.dtype(), it->second.shape(), value};
    const Node* node = producerOf(m_graph, value);
    if (node == nullptr || ++m_nodes > mostNodes) return std::nullopt;
    ++m_depth;
    auto found = through(*node, value);
    --m_depth;
    return found;
  }

  std::optional<Shape> shapeAfter(const Node& node, const Shape& from) {
    const std::string& op = node.opType;
    if (op == "Flatten") return flattened(from, node.intOr("axis", 1));
    if (op == "Reshape") {
      const auto sizes = indicesOf(node, 1, "shape");
      return sizes ? reshapedTo(from, *sizes, node.intOr("allowzero", 0) != 0) : std::nullopt;
    }
    const bool given = node.input(1).valid() || node.attributes.contains("axes");
    const auto axes = indicesOf(node, 1, "axes");
    if (given && !axes) return std::nullopt;
    if (op == "Squeeze") return squeezed(from, axes);
    return axes ? unsqueezed(from, *axes) : std::nullopt;
  }

  std::optional<TensorCut> cutOf(const Node& node, const Shape& from, ValueId output) {
    if (node.opType == "Slice") return sliceCut(node, from);
    const auto at = std::ranges::find(node.outputs, output) - node.outputs.begin();
    const auto axis = checkedAxis(node.intOr("axis", 0), from.size());
    if (!axis) return std::nullopt;
    const bool given = node.input(1).valid() || node.attributes.contains("split");
    auto sizes = indicesOf(node, 1, "split");
    if (given && !sizes) return std::nullopt;
    if (!sizes) sizes = equalParts(from[*axis], node.outputs.size());
    return splitOf(from, node.intOr("axis", 0), *sizes, static_cast<std::size_t>(at));
  }

 private:
  /// Integers that stand in an input, or in an attribute as in older versions; nothing where they are
  /// computed.
  std::optional<Indices> indicesOf(const Node& node, std::size_t input, const std::string& key) {
    if (const auto* list = node.find<Indices>(key)) return *list;
    const ValueId value = node.input(input);
    // What says a shape may be computed, but not with the help of another that is.
    if (m_inIndices && value.valid() && !isDirect(value)) return std::nullopt;
    const bool before = std::exchange(m_inIndices, true);
    const auto found = info(value);
    m_inIndices = before;
    if (!found || isFloating(found->dtype) || found->dtype == DType::Bool || found->shape.size() > 1 ||
        elementCount(found->shape) > mostIndices)
      return std::nullopt;
    return toInt64(foldConstant(m_graph, {}, value));
  }

  bool isDirect(ValueId value) const {
    if (m_graph.initializers.contains(value)) return true;
    const Node* node = producerOf(m_graph, value);
    return node != nullptr && node->opType == "Constant";
  }

  std::optional<TensorCut> sliceCut(const Node& node, const Shape& from) {
    const auto starts = indicesOf(node, 1, "starts"), ends = indicesOf(node, 2, "ends");
    const auto axes = indicesOf(node, 3, "axes"), steps = indicesOf(node, 4, "steps");
    const bool lacking = (node.input(3).valid() && !axes) || (node.input(4).valid() && !steps);
    return starts && ends && !lacking ? sliceOf(from, *starts, *ends, axes, steps) : std::nullopt;
  }

  std::optional<ConstantInfo> through(const Node& node, ValueId output) {
    if (node.opType == "Constant") {
      const auto tensor = heldTensor(node);
      return tensor ? std::optional(ConstantInfo{tensor->dtype(), tensor->shape(), output}) : std::nullopt;
    }
    if (isConstantArithmetic(node.opType)) return throughArithmetic(node);
    if (node.opType == "Gather") return throughLookup(node);
    if (node.opType == "Concat") return throughConcat(node);
    auto found = info(node.input(0));
    if (!found || passesThrough(node)) return found;
    if (changesShape(node)) return withShape(*found, shapeAfter(node, found->shape));
    if (cutsOut(node)) {
      const auto cut = cutOf(node, found->shape, output);
      return cut ? withShape(*found, cut->shape) : std::nullopt;
    }
    if (node.opType == "Cast") return withType(*found, dtypeOfCode(node.intOr("to", 0)));
    if (node.opType == "Transpose") return throughTranspose(node, *found);
    return throughQuantizer(node, *found);
  }

  static std::optional<ConstantInfo> withShape(ConstantInfo info, const std::optional<Shape>& shape) {
    if (!shape) return std::nullopt;
    info.shape = *shape;
    return info;
  }

  static std::optional<ConstantInfo> withType(ConstantInfo info, const std::optional<DType>& type) {
    if (!type) return std::nullopt;
    info.dtype = *type;
    return info;
  }

  static std::optional<ConstantInfo> throughTranspose(const Node& node, const ConstantInfo& from) {
    const auto axes = permutation(node, from.shape.size());
    if (!axes) return std::nullopt;
    ConstantInfo info = from;
    for (std::size_t i = 0; i < axes->size(); ++i)
      info.shape[i] = from.shape[static_cast<std::size_t>((*axes)[i])];
    return info;
  }

  /// The larger operand keeps its shape; the other one is broadcast over it.
  std::optional<ConstantInfo> throughArithmetic(const Node& node) {
    const auto left = info(node.input(0));
    if (!left || left->dtype != DType::Float32) return std::nullopt;
    if (node.inputs.size() == 1) return left;
    const auto right = info(node.input(1));
    if (!right || right->dtype != DType::Float32) return std::nullopt;
    if (broadcastsTo(right->shape, left->shape)) return left;
    return broadcastsTo(left->shape, right->shape) ? right : std::nullopt;
  }

  std::optional<ConstantInfo> throughLookup(const Node& node) {
    const auto table = info(node.input(0)), indices = info(node.input(1));
    if (!table || !indices || table->dtype != DType::Float32 || isFloating(indices->dtype))
      return std::nullopt;
    const auto shape = lookupShape(table->shape, indices->shape, node.intOr("axis", 0));
    if (!shape) return std::nullopt;
    return ConstantInfo{table->dtype, *shape, indices->root};
  }

  std::optional<ConstantInfo> throughConcat(const Node& node) {
    std::optional<ConstantInfo> whole;
    for (const ValueId input : node.inputs) {
      const auto part = info(input);
      if (!part) return std::nullopt;
      const auto axis = checkedAxis(node.intOr("axis", 0), part->shape.size());
      if (!axis || (whole && (part->dtype != whole->dtype || part->shape.size() != whole->shape.size())))
        return std::nullopt;
      if (!whole) {
        whole = part;
        continue;
      }
      for (std::size_t i = 0; i < part->shape.size(); ++i)
        if (i != *axis && part->shape[i] != whole->shape[i]) return std::nullopt;
      whole->shape[*axis] += part->shape[*axis];
    }
    return whole;
  }

  std::optional<ConstantInfo> throughQuantizer(const Node& node, const ConstantInfo& in) {
    const bool quantizes = node.opType == "QuantizeLinear";
    if (!quantizes && node.opType != "DequantizeLinear") return std::nullopt;
    const auto scale = info(node.input(1));
    const auto zero = info(node.input(2));
    if (!scale || (node.input(2).valid() && !zero)) return std::nullopt;
    if (!quantizes) return withType(in, scale->dtype);
    const DType to = zero ? zero->dtype : DType::UInt8;
    const bool bytes = to == DType::UInt8 || to == DType::Int8;
    const bool plain = node.intOr("block_size", 0) == 0 && node.intOr("output_dtype", 0) == 0;
    return bytes && plain && isFloating(in.dtype) ? withType(in, to) : std::nullopt;
  }

  const Graph& m_graph;
  int m_depth = 0, m_nodes = 0;
  bool m_inIndices = false;
};

/// Computes what a Look found.
class Fold {
 public:
  Fold(const Graph& graph, const std::map<ValueId, Tensor>& weights) : m_graph(graph), m_weights(weights) {}

  Tensor of(ValueId value) const {
    if (const auto it = m_weights.find(value); it != m_weights.end()) return it->second;
    if (const auto it = m_graph.initializers.find(value); it != m_graph.initializers.end()) return it->second;
    const Node& node = *producerOf(m_graph, value);
    if (node.opType == "Constant") return *heldTensor(node);
    if (node.opType == "Concat") return concatenated(node);
    const Tensor in = of(node.inputs[0]);
    if (passesThrough(node)) return in;
    if (isConstantArithmetic(node.opType))
      return node.inputs.size() == 1 ? constantArithmetic(node.opType, in)
                                     : constantArithmetic(node.opType, in, of(node.inputs[1]));
    if (node.opType == "Cast") return convert(in, *dtypeOfCode(node.intOr("to", 0)));
    if (node.opType == "Transpose") return transposed(in, *permutation(node, in.rank()));
    if (changesShape(node)) return in.reshaped(*Look(m_graph).shapeAfter(node, in.shape()));
    if (cutsOut(node)) return cutOut(in, *Look(m_graph).cutOf(node, in.shape(), value));
    if (node.opType == "Gather") return lookedUp(in, of(node.inputs[1]), node.intOr("axis", 0));
    return quantizer(node, in);
  }

 private:
  Tensor concatenated(const Node& node) const {
    std::vector<Tensor> parts;
    for (const ValueId input : node.inputs) parts.push_back(of(input));
    return joined(parts, *checkedAxis(node.intOr("axis", 0), parts.front().rank()));
  }

  Tensor quantizer(const Node& node, const Tensor& in) const {
    const Tensor scale = of(node.inputs[1]);
    const ValueId zero = node.input(2);
    const Tensor zeroPoint = zero.valid() ? of(zero) : Tensor();
    const std::int64_t axis = node.intOr("axis", 1);
    if (node.opType == "QuantizeLinear")
      return quantizedCodes(in, scale, zeroPoint, axis,
                            zeroPoint.defined() ? zeroPoint.dtype() : DType::UInt8);
    return convert(dequantized(in, scale, zeroPoint, axis, node.intOr("block_size", 0)), scale.dtype());
  }

  const Graph& m_graph;
  const std::map<ValueId, Tensor>& m_weights;
};

/// The inputs that the elements of a constant come from.
std::vector<ValueId> carriersOf(const Graph& graph, const Node& node) {
  if (node.opType == "Constant") return {};
  if (node.opType == "Concat") return node.inputs;
  if (node.opType == "Gather") return {node.input(1)};
  if (!isConstantArithmetic(node.opType) || node.inputs.size() < 2) return {node.input(0)};
  const auto left = constantInfo(graph, node.inputs[0]), right = constantInfo(graph, node.inputs[1]);
  const bool takesLeft = left && right && broadcastsTo(right->shape, left->shape);
  return {node.inputs[takesLeft ? 0 : 1]};
}

}  // namespace

std::optional<Tensor> heldTensor(const Node& node) {
  if (const Tensor* tensor = node.find<Tensor>("value")) return *tensor;
  if (const auto* number = node.find<std::int64_t>("value_int")) return Tensor::scalar(*number);
  if (const auto* number = node.find<float>("value_float")) return Tensor::scalar(*number);
  if (const auto* list = node.find<std::vector<std::int64_t>>("value_ints"))
    return Tensor::from<std::int64_t>({static_cast<std::int64_t>(list->size())}, *list);
  if (const auto* list = node.find<std::vector<float>>("value_floats"))
    return Tensor::from<float>({static_cast<std::int64_t>(list->size())}, *list);
  return std::nullopt;
}

std::optional<ConstantInfo> constantInfo(const Graph& graph, ValueId value) {
  return Look(graph).info(value);
}

Tensor foldConstant(const Graph& graph, const std::map<ValueId, Tensor>& weights, ValueId value) {
  if (const auto it = weights.find(value); it != weights.end()) return it->second;
  if (!constantInfo(graph, value))
    throw Error(ErrorKind::Unsupported, "value '" + graph.value(value).name + "' is not a constant");
  return withContext("value '" + graph.value(value).name + "'",
                     [&] { return Fold(graph, weights).of(value); });
}

std::vector<ValueId> constantPath(const Graph& graph, ValueId value) {
  std::vector<ValueId> path{value};
  while (path.size() <= static_cast<std::size_t>(longestChain)) {
    const Node* node = graph.initializers.contains(path.back()) ? nullptr : producerOf(graph, path.back());
    const auto carriers = node == nullptr ? std::vector<ValueId>() : carriersOf(graph, *node);
    if (carriers.size() != 1 || !carriers[0].valid()) break;
    path.push_back(carriers[0]);
  }
  return path;
}

std::vector<ValueId> constantRoots(const Graph& graph, ValueId value) {
  std::vector<ValueId> roots, open{value};
  for (int looked = 0; !open.empty() && looked < mostNodes; ++looked) {
    const ValueId at = open.back();
    open.pop_back();
    const Node* node = graph.initializers.contains(at) ? nullptr : producerOf(graph, at);
    const auto carriers = node == nullptr ? std::vector<ValueId>() : carriersOf(graph, *node);
    if (carriers.empty() && std::ranges::find(roots, at) == roots.end()) roots.push_back(at);
    for (const ValueId carrier : carriers)
      if (carrier.valid()) open.push_back(carrier);
  }
  return roots;
}

}  // namespace lapidary::core
