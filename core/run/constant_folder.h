// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a schedule knows from a model's weights alone: constant values and the constant part of
// fusions.
#pragma once

#include <memory>
#include <mutex>

#include "core/run/plan.h"
#include "core/support/ids.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

struct FoldedConstants {
  std::vector<Tensor> values;  ///< by value; undefined where it is not constant. Half types widened
  std::vector<std::shared_ptr<const WeightCodes>> codes;  ///< by value; null where it has none
  std::vector<Fusion> fusions;                            ///< by step; without the residual
};

/// Thread-safe. Runs the constant nodes once per distinct inputs, so that a tensor computed from weights
/// that an edit left alone keeps its id, and what is remembered under that id stays valid.
class ConstantFolder {
 public:
  std::shared_ptr<const FoldedConstants> fold(const Model& model, const Schedule& schedule);

 private:
  FoldedConstants compute(const Model& model, const Schedule& schedule);
  void runConstantNode(const Model& model, const Graph& graph, NodeId id, std::vector<Tensor>& values);
  const Fusion& fusionFor(const Graph& graph, const Step& step, const std::vector<Tensor>& values);

  std::mutex m_mutex;
  RecentMap<Key, std::shared_ptr<const FoldedConstants>> m_whole{{.entries = 8}};
  RecentMap<Key, Tensor> m_widened{{.entries = 64}};
  RecentMap<Key, std::vector<Tensor>> m_nodes{{.entries = 64}};
  RecentMap<Key, Fusion> m_fusions{{.entries = 64}};
};

}  // namespace lapidary::core
