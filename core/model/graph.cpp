// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/graph.h"

#include <string_view>
#include <unordered_map>

namespace lapidary::core {
namespace {

template <class T>
T attributeOr(const Node& node, const std::string& key, T fallback) {
  const T* found = node.find<T>(key);
  return found ? *found : std::move(fallback);
}

}  // namespace

std::int64_t Node::intOr(const std::string& key, std::int64_t fallback) const {
  return attributeOr(*this, key, fallback);
}
float Node::floatOr(const std::string& key, float fallback) const {
  return attributeOr(*this, key, fallback);
}
std::string Node::textOr(const std::string& key, std::string fallback) const {
  return attributeOr(*this, key, std::move(fallback));
}
std::vector<std::int64_t> Node::intsOr(const std::string& key, std::vector<std::int64_t> fallback) const {
  return attributeOr(*this, key, std::move(fallback));
}

std::vector<std::shared_ptr<const Graph>> Node::subgraphs() const {
  std::vector<std::shared_ptr<const Graph>> all;
  for (const auto& [key, attribute] : attributes) {
    if (const auto* one = std::get_if<std::shared_ptr<const Graph>>(&attribute)) all.push_back(*one);
    if (const auto* many = std::get_if<std::vector<std::shared_ptr<const Graph>>>(&attribute))
      all.insert(all.end(), many->begin(), many->end());
  }
  return all;
}

ValueId Graph::findValue(const std::string& valueName) const {
  for (std::uint32_t i = 0; i < values.size(); ++i)
    if (values[i].name == valueName) return ValueId{i};
  return {};
}

std::vector<std::vector<ValueId>> Graph::readsByNode() const {
  std::vector<std::vector<ValueId>> reads(nodes.size());
  std::unordered_map<std::string_view, ValueId> byName;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    for (const ValueId input : nodes[n].inputs)
      if (input.valid()) reads[n].push_back(input);
    for (const auto& subgraph : nodes[n].subgraphs()) {
      if (byName.empty())
        for (std::uint32_t i = 0; i < values.size(); ++i) byName.emplace(values[i].name, ValueId{i});
      for (const ValueId id : subgraph->captured)
        if (const auto found = byName.find(subgraph->value(id).name); found != byName.end())
          reads[n].push_back(found->second);
    }
  }
  return reads;
}

std::vector<std::vector<NodeId>> Graph::consumers() const {
  std::vector<std::vector<NodeId>> result(values.size());
  const auto reads = readsByNode();
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    for (const ValueId read : reads[i]) {
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
