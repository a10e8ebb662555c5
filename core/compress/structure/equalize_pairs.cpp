// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/equalize_pairs.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

const std::set<std::string> anyShape{"Relu", "LeakyRelu", "Identity", "Dropout"};
const std::set<std::string> overPlanes{"MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"};

class PairFinder {
 public:
  explicit PairFinder(const Model& model)
      : m_model(model), m_graph(*model.graph), m_consumers(m_graph.consumers()) {
    for (std::uint32_t i = 0; i < model.layers.size(); ++i)
      if (model.layers[i].node.valid()) m_layerAt[model.layers[i].node] = LayerId{i};
  }

  std::vector<EqualizePair> find() const {
    std::vector<EqualizePair> pairs;
    if (!m_model.runnable()) return pairs;
    for (std::uint32_t i = 0; i < m_model.layers.size(); ++i)
      if (const auto pair = pairFrom(LayerId{i})) pairs.push_back(*pair);
    return pairs;
  }

 private:
  /// The node that alone reads the value; null for an output of the graph too.
  const Node* onlyReader(ValueId value, NodeId& id) const {
    const auto& readers = m_consumers[value.index];
    if (readers.size() != 1 || std::ranges::find(m_graph.outputs, value) != m_graph.outputs.end())
      return nullptr;
    id = readers[0];
    return &m_graph.node(id);
  }

  bool readOnce(ValueId value) const { return m_consumers[value.index].size() == 1; }

  bool isLinear(const Layer& layer) const {
    const Node& node = m_graph.node(layer.node);
    if (!isStandardDomain(node.domain) || !readOnce(layer.weight)) return false;
    if (node.opType == "Gemm") return node.intOr("transA", 0) == 0;
    return node.opType == "Conv";
  }

  /// A bias that scales along, or none.
  bool hasPlainBias(const Layer& layer) const {
    const Node& node = m_graph.node(layer.node);
    if (node.inputs.size() < 3 || !node.inputs[2].valid()) return true;
    if (!layer.bias.valid() || layer.bias != node.inputs[2] || !readOnce(layer.bias)) return false;
    const auto tensor = m_model.weights.find(layer.bias);
    return tensor != m_model.weights.end() && tensor->second.size() == outputsOf(layer) &&
           tensor->second.size() == tensor->second.shape().back();
  }

  static std::int64_t outputsOf(const Layer& layer) {
    return layer.shape[static_cast<std::size_t>(layer.channelAxis)];
  }

  /// Inputs of a Conv in all its groups, or of a Gemm.
  std::int64_t inputsOf(const Layer& layer) const {
    const Node& node = m_graph.node(layer.node);
    if (node.opType == "Conv") return layer.shape[1] * node.intOr("group", 1);
    return layer.shape[layer.channelAxis == 0 ? 1 : 0];
  }

  std::optional<EqualizePair> pairFrom(LayerId id) const {
    const Layer& first = m_model.layer(id);
    if (!first.node.valid() || !isLinear(first) || !hasPlainBias(first)) return std::nullopt;
    const Node& start = m_graph.node(first.node);
    ValueId value = start.outputs[0];
    bool planes = start.opType == "Conv";  // channels lie along axis 1, with spatial positions behind them
    bool flattened = false;
    NodeId at;
    while (const Node* node = onlyReader(value, at)) {
      if (const auto found = m_layerAt.find(at); found != m_layerAt.end())
        return pairWith(id, found->second, value, flattened);
      if (!passes(*node, value, planes) || node->outputs.empty()) return std::nullopt;
      flattened = flattened || (planes && flattens(*node));
      planes = planes && !flattens(*node);
      value = node->outputs[0];
    }
    return std::nullopt;
  }

  static bool flattens(const Node& node) { return node.opType == "Flatten" || node.opType == "Reshape"; }

  bool passes(const Node& node, ValueId value, bool planes) const {
    if (!isStandardDomain(node.domain) || node.inputs.empty() || node.inputs[0] != value) return false;
    if (node.opType == "LeakyRelu") return node.floatOr("alpha", 0.01f) >= 0;
    if (anyShape.contains(node.opType)) return othersUnread(node);
    if (overPlanes.contains(node.opType)) return planes && othersUnread(node);
    if (node.opType == "Flatten") return node.intOr("axis", 1) == 1;
    return node.opType == "Reshape" && keepsSamples(node);
  }

  /// Indices of a MaxPool and masks of a Dropout would tell of the scale.
  bool othersUnread(const Node& node) const {
    return std::ranges::all_of(node.outputs, [&](ValueId output) {
      return output == node.outputs[0] || !output.valid() ||
             (m_consumers[output.index].empty() &&
              std::ranges::find(m_graph.outputs, output) == m_graph.outputs.end());
    });
  }

  /// To [samples, all the rest].
  bool keepsSamples(const Node& node) const {
    if (node.inputs.size() < 2 || node.intOr("allowzero", 0) != 0) return false;
    const auto sizes = m_model.weights.find(node.inputs[1]);
    if (sizes == m_model.weights.end() || sizes->second.size() != 2) return false;
    const std::vector<std::int64_t> shape = toInt64(sizes->second);
    if (shape[0] == 0) return true;
    const auto& declared = m_graph.value(node.inputs[0]).shape;
    if (!declared) return false;
    std::int64_t rest = 1;
    for (std::size_t d = 1; d < declared->size(); ++d) {
      if (!(*declared)[d].size) return false;
      rest *= *(*declared)[d].size;
    }
    return shape[1] == rest;
  }

  std::optional<EqualizePair> pairWith(LayerId firstId, LayerId secondId, ValueId value,
                                       bool flattened) const {
    const Layer &first = m_model.layer(firstId), &second = m_model.layer(secondId);
    const Node& node = m_graph.node(second.node);
    if (!isLinear(second) || node.inputs[0] != value) return std::nullopt;
    const std::int64_t channels = outputsOf(first), inputs = inputsOf(second);
    if (channels < 1 || (flattened ? inputs % channels != 0 : inputs != channels)) return std::nullopt;
    return EqualizePair{firstId, secondId, static_cast<std::size_t>(channels)};
  }

  const Model& m_model;
  const Graph& m_graph;
  std::vector<std::vector<NodeId>> m_consumers;
  std::map<NodeId, LayerId> m_layerAt;
};

}  // namespace

std::vector<EqualizePair> equalizablePairs(const Model& model) { return PairFinder(model).find(); }

}  // namespace lapidary::core
