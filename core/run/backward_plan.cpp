// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/backward_plan.h"

#include <algorithm>
#include <set>

#include "core/model/standard_domain.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

bool isNorm(const Node& node) {
  return isStandard(node, "BatchNormalization") && node.intOr("training_mode", 0) == 0 &&
         node.intOr("spatial", 1) != 0 && node.inputs.size() == 5;
}

}  // namespace

BackwardPlan::BackwardPlan(const Model& model, const BackwardRequest& request)
    : m_graph(model.graph), m_varied(request.wrt) {
  requireKnown(model, request);
  if (request.varyStatistics) varyStatistics(model);
  m_plan = std::make_unique<GraphPlan>(model, false);
  m_folder = std::make_unique<ConstantFolder>();
  ScheduleRequest wanted{false, m_varied, m_varied};
  wanted.wanted.insert(wanted.wanted.end(), request.alsoKeep.begin(), request.alsoKeep.end());
  m_schedule = scheduleOf(model, wanted);
  for (std::size_t i = 0; request.varyStatistics && i < m_schedule.steps.size(); ++i)
    if (const Node& node = m_graph->node(m_schedule.steps[i].head); isNorm(node))
      m_norms.push_back({i, node.inputs[0], node.inputs[3], node.inputs[4], node.floatOr("momentum", 0.9f)});
  if (request.repeated) {
    const auto budget = std::make_shared<PreparedBudget>(std::size_t{64} << 20);
    for (Step& step : m_schedule.steps) step.prepared = std::make_shared<RecentlyPrepared>(budget);
  }
  markActive();
}

bool BackwardPlan::isVaried(ValueId id) const { return std::ranges::find(m_varied, id) != m_varied.end(); }

void BackwardPlan::requireKnown(const Model& model, const BackwardRequest& request) const {
  for (const auto* list : {&request.wrt, &request.alsoKeep})
    for (const ValueId id : *list)
      if (!id.valid() || id.index >= m_graph->values.size())
        throw Error(ErrorKind::Usage, "a value whose gradient was asked for is not in the graph");
  requireOps(model);
}

void BackwardPlan::varyStatistics(const Model& model) {
  std::set<ValueId> seen;
  for (std::uint32_t i = 0; i < m_graph->nodes.size(); ++i) {
    const Node& node = m_graph->nodes[i];
    if (!isNorm(node)) continue;
    for (const ValueId id : {node.inputs[3], node.inputs[4]}) {
      if (!weightOf(model, id).defined() || !seen.insert(id).second)
        throw Error(ErrorKind::Unsupported, describe(*m_graph, NodeId{i}) +
                                                ": its mean and variance are not constants of its own, so "
                                                "they cannot follow the batches");
      m_varied.push_back(id);
    }
  }
}

/// What depends on a varied value is active; all around active steps is kept for the way back.
void BackwardPlan::markActive() {
  m_active.resize(m_graph->values.size());
  m_readers.resize(m_graph->values.size());
  for (const ValueId id : m_varied) m_active[id.index] = true;
  for (const ValueId id : m_schedule.results) ++m_readers[id.index];
  for (const Step& step : m_schedule.steps) {
    const bool active = std::ranges::any_of(step.reads, [&](ValueId id) { return isActive(id); });
    for (const ValueId id : step.reads) m_readers[id.index] += active ? 2 : 1;
    for (const ValueId id : step.outputs) {
      if (!id.valid() || !active) continue;
      m_active[id.index] = true;
      ++m_readers[id.index];
    }
  }
}

}  // namespace lapidary::core
