// SPDX-License-Identifier: GPL-3.0-or-later
// Adding values and constants under fresh names to a graph that is being prepared for writing.
#pragma once

#include <memory>
#include <string>

#include "core/model/fresh_names.h"

namespace lapidary::core {

class GraphEditor {
 public:
  explicit GraphEditor(Graph& graph);
  /// For a subgraph of the graph that `outer` edits: names stay unique over both.
  GraphEditor(Graph& subgraph, const GraphEditor& outer) : m_graph(subgraph), m_names(outer.m_names) {}

  /// A value named `wanted`, or that with a number where the name is taken.
  ValueId addValue(const std::string& wanted);
  ValueId addConstant(const std::string& wanted, const Tensor& tensor);
  Graph& graph() { return m_graph; }

 private:
  Graph& m_graph;
  std::shared_ptr<FreshNames> m_names;
};

}  // namespace lapidary::core
