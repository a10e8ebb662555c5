// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/subgraph_run.h"

#include "core/run/graph_run.h"

namespace lapidary::core {

StepSubgraphs::Bound StepSubgraphs::bind(const Graph& subgraph) const {
  Bound bound;
  bound.plan = &m_enclosing.plan.subgraph(subgraph);
  Model model = bound.plan->base();
  for (std::size_t i = 0; i < subgraph.captured.size(); ++i) {
    const ValueId here = subgraph.captured[i], outside = bound.plan->outerValues()[i];
    if (m_enclosing.schedule.constant[outside.index])
      model.weights[here] = m_enclosing.constants.values[outside.index];
    else
      bound.captured.push_back({here, outside});
  }
  bound.schedule = bound.plan->scheduleFor(model, {});
  bound.constants = bound.plan->fold(model, *bound.schedule);
  return bound;
}

std::vector<Activation> StepSubgraphs::run(const Graph& subgraph, std::span<const Activation> inputs) {
  if (m_context.stop.stop_requested()) throw Cancelled();
  auto found = m_bound.find(&subgraph);
  if (found == m_bound.end()) found = m_bound.emplace(&subgraph, bind(subgraph)).first;
  const Bound& bound = found->second;
  if (inputs.size() != subgraph.inputs.size())
    throw Error(ErrorKind::InvalidInput, "the subgraph has " + std::to_string(subgraph.inputs.size()) +
                                             " inputs, " + std::to_string(inputs.size()) + " are expected");
  GraphRun run(*bound.plan, bound.schedule, bound.constants);
  for (std::size_t i = 0; i < inputs.size(); ++i) run.give(subgraph.inputs[i], inputs[i]);
  for (const auto& [here, outside] : bound.captured) run.give(here, m_enclosing.valueOf(outside));
  RunContext context = m_context;
  // What an iteration is fed has no name; a branch is fed with named values alone.
  if (m_enclosing.keys == nullptr || !inputs.empty()) context.cache = nullptr;
  if (context.cache != nullptr) {
    for (const auto& [here, outside] : bound.captured) run.name(here, (*m_enclosing.keys)[outside.index]);
    run.remember(*context.cache);
  }
  run.execute(context, [&](std::size_t step, std::span<const Activation> outputs, double) {
    if (context.flops == nullptr || bound.schedule->steps[step].hasSubgraphs) return;
    *context.flops += flopsOf(*bound.schedule->graph, bound.schedule->steps[step], run.valueOf(), outputs);
  });
  std::vector<Activation> results;
  for (const ValueId id : subgraph.outputs) results.push_back(run.value(id));
  return results;
}

}  // namespace lapidary::core
