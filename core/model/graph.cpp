#include "core/model/graph.h"

namespace lapidary::core {
namespace {

template <class T>
T attributeOr(const Node& node, const std::string& key, T fallback) {
  const T* found = node.find<T>(key);
  return found ? *found : std::move(fallback);
}

void addCaptures(const Graph& subgraph, const Graph& outer, std::vector<ValueId>& reads) {
  for (const ValueId id : subgraph.captured) {
    const ValueId outside = outer.findValue(subgraph.value(id).name);
    if (outside.valid()) reads.push_back(outside);
  }
}

/// Everything a node reads in its own graph: inputs, and what its subgraphs capture.
std::vector<ValueId> readsOf(const Graph& graph, const Node& node) {
  std::vector<ValueId> reads;
  for (const ValueId input : node.inputs)
    if (input.valid()) reads.push_back(input);
  for (const auto& [key, attribute] : node.attributes) {
    if (const auto* one = std::get_if<std::shared_ptr<const Graph>>(&attribute)) addCaptures(**one, graph, reads);
    if (const auto* many = std::get_if<std::vector<std::shared_ptr<const Graph>>>(&attribute))
      for (const auto& subgraph : *many) addCaptures(*subgraph, graph, reads);
  }
  return reads;
}

}  // namespace

std::int64_t Node::intOr(const std::string& key, std::int64_t fallback) const {
  return attributeOr(*this, key, fallback);
}
float Node::floatOr(const std::string& key, float fallback) const { return attributeOr(*this, key, fallback); }
std::string Node::textOr(const std::string& key, std::string fallback) const {
  return attributeOr(*this, key, std::move(fallback));
}
std::vector<std::int64_t> Node::intsOr(const std::string& key, std::vector<std::int64_t> fallback) const {
  return attributeOr(*this, key, std::move(fallback));
}

ValueId Graph::findValue(const std::string& valueName) const {
  for (std::uint32_t i = 0; i < values.size(); ++i)
    if (values[i].name == valueName) return ValueId{i};
  return {};
}

std::vector<std::vector<NodeId>> Graph::consumers() const {
  std::vector<std::vector<NodeId>> result(values.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    for (const ValueId read : readsOf(*this, nodes[i])) {
      auto& list = result[read.index];
      if (list.empty() || list.back() != NodeId{i}) list.push_back(NodeId{i});
    }
  return result;
}

std::string describe(const Graph& graph, NodeId node) {
  const Node& n = graph.node(node);
  std::string text = "node " + std::to_string(node.index);
  if (!n.name.empty()) text += " '" + n.name + "'";
  return text + " (" + (n.domain.empty() ? "" : n.domain + "::") + n.opType + ")";
}

}  // namespace lapidary::core
