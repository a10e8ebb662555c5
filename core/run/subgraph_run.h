// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the subgraphs of one step with the values around it in reach.
#pragma once

#include <limits>

#include "core/run/activation_cache.h"
#include "core/run/channel_split.h"
#include "core/run/graph_plan.h"
#include "core/run/step_run.h"

namespace lapidary::core {

/// The options of a run beside its results.
struct RunContext {
  std::stop_token stop;
  ActivationCache* cache = nullptr;  ///< null: remember nothing
  double* flops = nullptr;           ///< takes what was computed inside subgraphs, where it is counted
  Retention retention = Retention::Passing;
  SplitOptions split = {};
  std::size_t rememberedBytes = std::numeric_limits<std::size_t>::max();  ///< by this run in the cache
};

/// The graph around a subgraph in the middle of its own run.
struct EnclosingRun {
  GraphPlan& plan;
  const Schedule& schedule;
  const FoldedConstants& constants;
  const ValueOf& valueOf;
  const std::vector<Key>* keys;  ///< by value; null where nothing is remembered
};

/// For one step of one run. Captured values are looked up at the first run of each subgraph and stay.
class StepSubgraphs final : public SubgraphRunner {
 public:
  StepSubgraphs(const EnclosingRun& enclosing, const RunContext& context)
      : m_enclosing(enclosing), m_context(context) {}

  std::vector<Activation> run(const Graph& subgraph, std::span<const Activation> inputs) override;

 private:
  struct Bound {
    GraphPlan* plan = nullptr;
    std::shared_ptr<const Schedule> schedule;
    std::shared_ptr<const FoldedConstants> constants;
    std::vector<std::pair<ValueId, ValueId>> captured;  ///< here, in the enclosing graph; no constants
  };
  Bound bind(const Graph& subgraph) const;

  EnclosingRun m_enclosing;
  RunContext m_context;
  std::map<const Graph*, Bound> m_bound;
};

}  // namespace lapidary::core
