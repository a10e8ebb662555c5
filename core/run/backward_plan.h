// SPDX-License-Identifier: GPL-3.0-or-later
// The plan of a backward pass, made before it sees values: the order, what flows back, what is kept for
// it.
#pragma once

#include "core/run/graph_plan.h"

namespace lapidary::core {

struct BackwardRequest {
  std::vector<ValueId> wrt;       ///< graph inputs, activations, or weights
  std::vector<ValueId> alsoKeep;  ///< forward values to return besides
  /// Gradients with respect to the statistics of batch normalisations too, which may then be replaced.
  bool varyStatistics = false;
  bool repeated = false;  ///< many runs: steps keep what they prepare
};

/// A BatchNormalization whose statistics may be replaced.
struct NormStep {
  std::size_t step = 0;  ///< of the schedule
  ValueId source, mean, variance;
  float momentum = 0.9f;  ///< share of the old statistics that stays
};

/// Thread-safe after construction. Belongs to one graph, whatever its weights.
class BackwardPlan {
 public:
  /// Throws Error where a value is not in the graph, an operator is lacking, or a normalisation's statistics
  /// are not constants of its own.
  BackwardPlan(const Model& model, const BackwardRequest& request);

  const Graph& graph() const { return *m_graph; }
  GraphPlan& plan() const { return *m_plan; }  ///< for its subgraphs
  const Schedule& schedule() const { return m_schedule; }
  const std::vector<NormStep>& norms() const { return m_norms; }
  std::shared_ptr<const FoldedConstants> fold(const Model& model) const {
    return m_folder->fold(model, m_schedule);
  }

  const std::vector<ValueId>& varied() const { return m_varied; }
  bool isVaried(ValueId id) const;
  /// Whether it depends on a varied value.
  bool isActive(ValueId id) const { return id.valid() && m_active[id.index]; }
  /// By value: how many steps read it, forward and backward.
  const std::vector<std::uint32_t>& readers() const { return m_readers; }

 private:
  void requireKnown(const Model& model, const BackwardRequest& request) const;
  void varyStatistics(const Model& model);
  void markActive();

  std::shared_ptr<const Graph> m_graph;
  std::vector<ValueId> m_varied;
  std::unique_ptr<GraphPlan> m_plan;
  std::unique_ptr<ConstantFolder> m_folder;
  Schedule m_schedule;
  std::vector<NormStep> m_norms;
  std::vector<bool> m_active;
  std::vector<std::uint32_t> m_readers;
};

}  // namespace lapidary::core
