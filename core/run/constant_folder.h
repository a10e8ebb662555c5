// What a schedule knows from a model's weights alone: constant values and the constant part of fusions.
#pragma once

#include <memory>
#include <mutex>

#include "core/run/plan.h"
#include "core/run/recent.h"

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
  Recent<std::shared_ptr<const FoldedConstants>> m_whole{8};
  Recent<Tensor> m_widened{64};
  Recent<std::vector<Tensor>> m_nodes{64};
  Recent<Fusion> m_fusions{64};
};

}  // namespace lapidary::core
