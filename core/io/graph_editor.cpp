#include "core/io/graph_editor.h"

namespace lapidary::core {
namespace {

/// Names inside subgraphs are taken too: a subgraph must not redefine one of the graph around it.
void collectNames(const Graph& graph, std::unordered_set<std::string>& names) {
  for (const Value& value : graph.values) names.insert(value.name);
  for (const Node& node : graph.nodes)
    for (const auto& subgraph : node.subgraphs()) collectNames(*subgraph, names);
}

}  // namespace

GraphEditor::GraphEditor(Graph& graph)
    : m_graph(graph), m_names(std::make_shared<std::unordered_set<std::string>>()) {
  collectNames(graph, *m_names);
}

ValueId GraphEditor::addValue(const std::string& wanted) {
  std::string name = wanted;
  for (int i = 2; !m_names->insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
  m_graph.values.push_back({name, std::nullopt, std::nullopt, {}});
  return ValueId{static_cast<std::uint32_t>(m_graph.values.size() - 1)};
}

ValueId GraphEditor::addConstant(const std::string& wanted, const Tensor& tensor) {
  const ValueId id = addValue(wanted);
  m_graph.initializers.emplace(id, tensor);
  return id;
}

}  // namespace lapidary::core
