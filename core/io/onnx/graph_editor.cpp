// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/graph_editor.h"

namespace lapidary::core {
GraphEditor::GraphEditor(Graph& graph) : m_graph(graph), m_names(std::make_shared<FreshNames>(graph)) {}

ValueId GraphEditor::addValue(const std::string& wanted) {
  m_graph.values.push_back({m_names->fresh(wanted), std::nullopt, std::nullopt, {}});
  return ValueId{static_cast<std::uint32_t>(m_graph.values.size() - 1)};
}

ValueId GraphEditor::addConstant(const std::string& wanted, const Tensor& tensor) {
  const ValueId id = addValue(wanted);
  m_graph.initializers.emplace(id, tensor);
  return id;
}

}  // namespace lapidary::core
