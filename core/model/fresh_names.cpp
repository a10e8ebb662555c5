// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/fresh_names.h"

namespace lapidary::core {

FreshNames::FreshNames(const Graph& graph) { takeAll(graph); }

void FreshNames::takeAll(const Graph& graph) {
  for (const Value& value : graph.values) take(value.name);
  for (const Node& node : graph.nodes)
    for (const auto& subgraph : node.subgraphs()) takeAll(*subgraph);
}

std::string FreshNames::fresh(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; !m_taken.insert(name).second; ++number) name = wanted + "_" + std::to_string(number);
  return name;
}

}  // namespace lapidary::core
