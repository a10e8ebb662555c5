// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/graph_plan.h"

#include <atomic>
#include <unordered_map>

namespace lapidary::core {
namespace {

std::uint64_t nextSerial() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

std::vector<ValueId> outerValuesOf(const Graph& subgraph,
                                   const std::unordered_map<std::string_view, ValueId>& outer) {
  std::vector<ValueId> values;
  for (const ValueId id : subgraph.captured) {
    const auto found = outer.find(subgraph.value(id).name);
    if (found == outer.end())
      throw Error(ErrorKind::InvalidInput, "a subgraph reads '" + subgraph.value(id).name +
                                               "', which the graph around it does not have");
    values.push_back(found->second);
  }
  return values;
}

}  // namespace

GraphPlan::GraphPlan(const Model& model, bool fuse, std::shared_ptr<PreparedBudget> budget)
    : m_fuse(fuse), m_budget(std::move(budget)), m_serial(nextSerial()) {
  m_base.graph = model.graph;
  m_base.weights = model.graph->initializers;
  m_base.source.opsets = model.source.opsets;
  std::unordered_map<std::string_view, ValueId> names;
  for (const Node& node : model.graph->nodes)
    for (const auto& subgraph : node.subgraphs()) {
      if (names.empty())
        for (std::uint32_t i = 0; i < model.graph->values.size(); ++i)
          names.emplace(model.graph->values[i].name, ValueId{i});
      Model inner;
      inner.graph = subgraph;
      inner.source.opsets = model.source.opsets;
      auto& plan = m_subgraphs[subgraph.get()];
      if (plan) continue;
      plan = std::make_unique<GraphPlan>(inner, fuse, m_budget);
      plan->m_outerValues = outerValuesOf(*subgraph, names);
    }
}

std::shared_ptr<const Schedule> GraphPlan::scheduleFor(const Model& model,
                                                       const std::vector<ValueId>& wanted) {
  const Graph& graph = *m_base.graph;
  std::vector<std::uint64_t> words;
  for (const auto& [id, tensor] : model.weights) {
    if (!graph.initializers.contains(id)) words.push_back(id.index);  // overridden, or captured
    if (tensor.size() == 1 && !graph.value(id).producer.valid())
      words.push_back(tensor.id());  // may be a number that a pattern looks for
  }
  words.push_back(ValueId::none);
  for (const ValueId id : wanted) words.push_back(id.index);
  const Key key = hashWords(words);
  const std::lock_guard lock(m_mutex);
  return m_schedules.get(key, [&] { return makeSchedule(model, wanted, key); });
}

std::shared_ptr<const Schedule> GraphPlan::makeSchedule(const Model& model,
                                                        const std::vector<ValueId>& wanted, const Key& key) {
  auto schedule = std::make_shared<Schedule>(scheduleOf(model, {m_fuse, wanted, {}}));
  schedule->identity = key;
  for (Step& step : schedule->steps) {
    std::vector<std::uint64_t> words{m_serial, step.head.index,
                                     schedule->graph->node(step.head).inputs.size()};
    for (const char c : schedule->graph->node(step.head).opType)
      words.push_back(static_cast<unsigned char>(c));
    for (const NodeId id : step.tail.nodes()) words.push_back(id.index);
    step.identity = hashWords(words);
    auto& store = m_stores[step.identity];
    if (!store) store = std::make_shared<RecentlyPrepared>(m_budget);
    step.prepared = store;
  }
  return schedule;
}

}  // namespace lapidary::core
