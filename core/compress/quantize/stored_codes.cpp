// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/stored_codes.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/model/constants.h"
#include "core/model/dequantize.h"
#include "core/model/element_codes.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

/// Up to which numbers a float tells each from the next.
constexpr std::int64_t mostGroups = std::int64_t{1} << 24, mostCodes = std::int64_t{1} << 31;

template <class T>
Tensor countedUp(const Shape& shape) {
  TensorBuilder builder(dtypeOf<T>(), shape);
  std::iota(builder.as<T>().begin(), builder.as<T>().end(), T{0});
  return std::move(builder).build();
}

/// The values from the weight (first) to the constant that the codes stand in (last).
class CodePath {
 public:
  CodePath(const Model& model, ValueId weight)
      : m_model(model), m_graph(*model.graph), m_path(constantPath(m_graph, weight)) {}

  bool isSound() {
    for (std::size_t i = 0; i + 1 < m_path.size(); ++i) {
      if (m_model.weights.contains(m_path[i])) return false;
      const Node& node = m_graph.node(m_graph.value(m_path[i]).producer);
      if (node.opType == "DequantizeLinear" && !m_node)
        m_node = &node, m_at = i;
      else if (!movesOnly(node))
        return false;
    }
    return m_node != nullptr && isConstant(m_path.back());
  }

  const Node& node() const { return *m_node; }
  ValueId constant() const { return m_path.back(); }
  ValueId codes() const { return m_path[m_at + 1]; }

  /// To which the DequantizeLinear and the nodes after it round.
  std::vector<DType> types(DType scale) const {
    std::vector<DType> all{scale};
    for (std::size_t i = m_at; i-- > 0;)
      if (const Node& node = m_graph.node(m_graph.value(m_path[i]).producer); node.opType == "Cast")
        all.push_back(dtypeOfCode(node.intOr("to", 0)).value_or(DType::Float32));
    return all;
  }

  /// What the nodes after the DequantizeLinear make of a tensor in place of its output.
  Tensor fromOutput(Tensor tensor) const { return moved(std::move(tensor), m_at, 0); }
  /// What they and those before it make of a tensor in place of the constant.
  Tensor fromConstant(Tensor tensor) const {
    return fromOutput(moved(std::move(tensor), m_path.size() - 1, m_at + 1));
  }

  bool isReadHereAlone() const {
    const auto readers = m_graph.consumers();
    for (std::size_t i = 1; i < m_path.size(); ++i)
      if (readers[m_path[i].index].size() != 1 ||
          std::ranges::find(m_graph.outputs, m_path[i]) != m_graph.outputs.end())
        return false;
    return true;
  }

 private:
  bool isConstant(ValueId value) const {
    if (m_graph.initializers.contains(value)) return true;
    const NodeId producer = m_graph.value(value).producer;
    return producer.valid() && isStandard(m_graph.node(producer), "Constant");
  }

  /// Floats may change their type on the way: the codes stay what they are.
  bool movesOnly(const Node& node) const {
    constexpr std::array<std::string_view, 10> moves{"Identity", "Sum",     "Dropout",   "Transpose",
                                                     "Reshape",  "Squeeze", "Unsqueeze", "Flatten",
                                                     "Slice",    "Split"};
    if (!isStandardDomain(node.domain)) return false;
    if (node.opType == "Cast") return m_node == nullptr;
    if (node.opType == "Sum") return node.inputs.size() == 1;
    return std::ranges::find(moves, node.opType) != moves.end();
  }

  Tensor moved(Tensor tensor, std::size_t from, std::size_t to) const {
    for (std::size_t i = from; i > to; --i) {
      const ValueId output = m_path[i - 1];
      if (m_graph.node(m_graph.value(output).producer).opType == "Cast") continue;
      tensor = foldConstant(m_graph, {{m_path[i], tensor}}, output);
    }
    return tensor;
  }

  const Model& m_model;
  const Graph& m_graph;
  std::vector<ValueId> m_path;
  const Node* m_node = nullptr;
  std::size_t m_at = 0;  ///< of the output of the DequantizeLinear
};

/// Which scale counts for each of the codes, by the arithmetic that would use it.
Tensor groupsOf(const Shape& shape, const Tensor& scale, const Node& node) {
  TensorBuilder ones(DType::Int8, shape);
  std::ranges::fill(ones.as<std::int8_t>(), std::int8_t{1});
  const Tensor groups = dequantized(std::move(ones).build(), countedUp<float>(scale.shape()), {},
                                    node.intOr("axis", 1), node.intOr("block_size", 0));
  return convert(groups, DType::Int32);
}

}  // namespace

std::optional<StoredCodes> storedCodes(const Model& model, const Layer& layer) {
  const Graph& graph = *model.graph;
  if (!graph.value(layer.weight).producer.valid()) return std::nullopt;
  CodePath path(model, layer.weight);
  if (!path.isSound()) return std::nullopt;
  const Node& node = path.node();
  if (node.inputs.size() < 2) return std::nullopt;
  for (const ValueId input : node.inputs)
    if (input.valid() && !constantInfo(graph, input)) return std::nullopt;
  StoredCodes stored;
  stored.constant = path.constant();
  stored.codes = foldConstant(graph, model.weights, stored.constant);
  stored.scale = foldConstant(graph, model.weights, node.inputs[1]);
  if (node.input(2).valid()) stored.zeroPoint = foldConstant(graph, model.weights, node.input(2));
  stored.blockSize = node.intOr("block_size", 0);
  stored.types = path.types(stored.scale.dtype());
  if (stored.scale.size() > mostGroups || stored.codes.size() >= mostCodes) return std::nullopt;
  const Shape shape = foldConstant(graph, model.weights, path.codes()).shape();
  stored.indices = path.fromConstant(countedUp<std::int32_t>(stored.codes.shape()));
  stored.groups = path.fromOutput(groupsOf(shape, stored.scale, node));
  if (stored.indices.shape() != layer.shape || stored.groups.shape() != layer.shape) return std::nullopt;
  stored.ownsConstant = stored.indices.size() == stored.codes.size() && path.isReadHereAlone();
  return stored;
}

}  // namespace lapidary::core
