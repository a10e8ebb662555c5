// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/override.h"

#include <set>

#include "core/model/constants.h"

namespace lapidary::core {
namespace {

/// Counts readers of every value, and drops what nobody reads any more once its last reader is gone.
class Sweep {
 public:
  explicit Sweep(const Graph& graph)
      : m_graph(graph), m_dead(graph.nodes.size(), false), m_readers(graph.values.size(), 0) {
    const auto consumers = graph.consumers();
    for (std::size_t i = 0; i < consumers.size(); ++i) m_readers[i] = consumers[i].size();
    for (const ValueId output : graph.outputs) ++m_readers[output.index];
  }

  /// `output` no longer comes from its producer, which dies if nothing else of it is read.
  void cut(ValueId output) {
    const NodeId producer = m_graph.value(output).producer;
    if (!producer.valid()) return;
    m_cut.insert(output);
    killIfUseless(producer);
  }

  bool dead(NodeId node) const { return m_dead[node.index]; }
  bool dropped(ValueId value) const { return m_dropped.contains(value); }

 private:
  void killIfUseless(NodeId first) {
    std::vector<NodeId> pending{first};
    while (!pending.empty()) {
      const NodeId id = pending.back();
      pending.pop_back();
      if (m_dead[id.index] || isUseful(m_graph.node(id))) continue;
      m_dead[id.index] = true;
      const std::set<ValueId> inputs(m_graph.node(id).inputs.begin(), m_graph.node(id).inputs.end());
      for (const ValueId input : inputs)
        if (input.valid() && --m_readers[input.index] == 0) release(input, pending);
    }
  }

  void release(ValueId value, std::vector<NodeId>& pending) {
    m_dropped.insert(value);
    if (const NodeId producer = m_graph.value(value).producer; producer.valid()) pending.push_back(producer);
  }

  bool isUseful(const Node& node) const {
    for (const ValueId output : node.outputs)
      if (output.valid() && !m_cut.contains(output) && m_readers[output.index] > 0) return true;
    return false;
  }

  const Graph& m_graph;
  std::vector<bool> m_dead;
  std::vector<std::size_t> m_readers;
  std::set<ValueId> m_cut;
  std::set<ValueId> m_dropped;
};

/// A value nobody reads, in place of an output that is cut off a node that has to stay.
ValueId unreadValue(Graph& graph, const std::string& like, NodeId producer) {
  std::string name = like + "_unedited";
  while (graph.findValue(name).valid()) name += '_';
  graph.values.push_back({name, std::nullopt, std::nullopt, producer});
  return ValueId{static_cast<std::uint32_t>(graph.values.size() - 1)};
}

void keepLiveNodes(Graph& result, const Graph& graph, const Sweep& sweep,
                   const std::set<ValueId>& overridden) {
  result.nodes.clear();
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    if (sweep.dead(NodeId{i})) continue;
    const NodeId id{static_cast<std::uint32_t>(result.nodes.size())};
    Node node = graph.nodes[i];
    for (ValueId& output : node.outputs) {
      if (overridden.contains(output)) output = unreadValue(result, graph.value(output).name, id);
      if (output.valid()) result.values[output.index].producer = id;
    }
    result.nodes.push_back(std::move(node));
  }
}

}  // namespace

Graph withWeights(const Model& model) {
  const Graph& graph = *model.graph;
  Graph result = graph;
  std::set<ValueId> overridden;
  for (const auto& [id, tensor] : model.weights) {
    result.initializers[id] = tensor;
    if (graph.value(id).producer.valid()) overridden.insert(id);
  }
  if (overridden.empty()) return result;
  Sweep sweep(graph);
  for (const ValueId id : overridden) sweep.cut(id);
  for (const ValueId id : overridden) result.values[id.index].producer = {};
  keepLiveNodes(result, graph, sweep, overridden);
  std::erase_if(result.initializers, [&](const auto& entry) {
    return sweep.dropped(entry.first) && !overridden.contains(entry.first);
  });
  return result;
}

std::optional<DType> storedType(const Graph& graph, ValueId value) {
  const auto info = constantInfo(graph, value);
  if (!info || !isFloating(info->dtype)) return std::nullopt;
  return info->dtype;
}

}  // namespace lapidary::core
