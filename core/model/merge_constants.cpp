// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/merge_constants.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

using Sameness = std::tuple<std::vector<ValueId>, std::int64_t, std::int64_t>;

/// Names that subgraphs read: a node inside finds its value by the name.
std::set<std::string> capturedNames(const Graph& graph) {
  std::set<std::string> names;
  for (const Node& node : graph.nodes)
    for (const auto& subgraph : node.subgraphs())
      for (const ValueId id : subgraph->captured) names.insert(subgraph->value(id).name);
  return names;
}

}  // namespace

void mergeDequantized(Graph& graph) {
  std::map<Sameness, ValueId> first;
  std::map<ValueId, ValueId> replaced;
  const std::set<std::string> captured = capturedNames(graph);
  std::vector<Node> kept;
  for (Node& node : graph.nodes) {
    for (ValueId& input : node.inputs)
      if (const auto found = replaced.find(input); found != replaced.end()) input = found->second;
    const bool stored = isStandard(node, "DequantizeLinear") && graph.initializers.contains(node.input(0)) &&
                        node.outputs.size() == 1 && node.outputs[0].valid();
    if (stored) {
      const Sameness key{node.inputs, node.intOr("axis", 1), node.intOr("block_size", 0)};
      const auto [same, isFirst] = first.emplace(key, node.outputs[0]);
      const bool seenOutside = std::ranges::find(graph.outputs, node.outputs[0]) != graph.outputs.end() ||
                               captured.contains(graph.value(node.outputs[0]).name);
      if (!isFirst && !seenOutside) {
        replaced.emplace(node.outputs[0], same->second);
        graph.values[node.outputs[0].index].producer = {};
        continue;
      }
    }
    const NodeId id{static_cast<std::uint32_t>(kept.size())};
    for (const ValueId output : node.outputs)
      if (output.valid()) graph.values[output.index].producer = id;
    kept.push_back(std::move(node));
  }
  graph.nodes = std::move(kept);
}

}  // namespace lapidary::core
