// SPDX-License-Identifier: GPL-3.0-or-later
// Planning one graph and the graphs inside it: schedules, constants, and what steps keep between runs.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "core/run/constant_folder.h"
#include "core/run/prepared_store.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// Thread-safe. Lives as long as the graph is run; a subgraph (If, Loop, Scan) has a plan of its own, in
/// which the constants that it captures are weights like any other.
class GraphPlan {
 public:
  /// Only graph and operator sets of the model count.
  GraphPlan(const Model& model, bool fuse, std::shared_ptr<PreparedBudget> budget = nullptr);

  const std::shared_ptr<const Graph>& graph() const { return m_base.graph; }
  std::shared_ptr<const Schedule> scheduleFor(const Model& model, const std::vector<ValueId>& wanted);
  std::shared_ptr<const FoldedConstants> fold(const Model& model, const Schedule& schedule) {
    return m_folder.fold(model, schedule);
  }

  /// The plan of a graph among the attributes of this graph's nodes.
  GraphPlan& subgraph(const Graph& graph) { return *m_subgraphs.at(&graph); }
  /// Of a subgraph's plan: its captured values in the graph around it, in the order of Graph::captured.
  const std::vector<ValueId>& outerValues() const { return m_outerValues; }
  /// Of a subgraph's plan: the subgraph with its own constants as weights.
  const Model& base() const { return m_base; }

 private:
  std::shared_ptr<const Schedule> makeSchedule(const Model& model, const std::vector<ValueId>& wanted,
                                               const Key& key);

  Model m_base;
  bool m_fuse;
  std::shared_ptr<PreparedBudget> m_budget;
  std::uint64_t m_serial;  ///< no other plan of the process has it
  ConstantFolder m_folder;
  std::map<const Graph*, std::unique_ptr<GraphPlan>> m_subgraphs;
  std::vector<ValueId> m_outerValues;
  std::mutex m_mutex;
  RecentMap<Key, std::shared_ptr<const Schedule>> m_schedules{{.entries = 32}};
  std::map<Key, std::shared_ptr<PreparedStore>> m_stores;  ///< by step identity: schedules share steps
};

}  // namespace lapidary::core
