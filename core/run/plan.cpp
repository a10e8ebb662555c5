// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/plan.h"

#include <algorithm>

#include "core/run/node_run.h"
#include "core/run/simplify.h"

namespace lapidary::core {
namespace {

bool isRandom(const Node& node) {
  return node.opType.starts_with("Random") || node.opType == "Multinomial" || node.opType == "Bernoulli";
}

class Planner {
 public:
  Planner(const Model& model, const ScheduleRequest& request)
      : m_model(model),
        m_request(request),
        m_schedule(started(model, request)),
        m_graph(*m_schedule.graph),
        m_reads(m_graph.readsByNode()),
        m_inStep(m_graph.nodes.size()),
        m_needed(m_graph.values.size()),
        m_claimed(m_graph.nodes.size()),
        m_readers(m_graph.values.size()) {}

  Schedule plan() {
    markConstants();
    markNeeded();
    countReaders();
    makeSteps();
    return std::move(m_schedule);
  }

 private:
  static Schedule started(const Model& model, const ScheduleRequest& request) {
    Schedule schedule;
    schedule.results = model.graph->outputs;
    schedule.results.insert(schedule.results.end(), request.wanted.begin(), request.wanted.end());
    schedule.graph = request.fuse ? simplified(model, schedule.results) : model.graph;
    schedule.constant.resize(model.graph->values.size());
    schedule.producer.assign(model.graph->values.size(), Schedule::none);
    return schedule;
  }

  bool varied(ValueId id) const { return std::ranges::find(m_request.varied, id) != m_request.varied.end(); }
  bool given(ValueId id) const { return weightOf(m_model, id).defined(); }

  bool computedOnce(const Node& node) const {
    if (isRandom(node) || !node.subgraphs().empty() ||
        std::ranges::any_of(node.outputs, [&](ValueId id) { return id.valid() && varied(id); }))
      return false;
    return std::ranges::all_of(node.inputs,
                               [&](ValueId id) { return !id.valid() || m_schedule.constant[id.index]; });
  }

  void markConstants() {
    for (std::uint32_t i = 0; i < m_graph.values.size(); ++i)
      m_schedule.constant[i] = given(ValueId{i}) && !varied(ValueId{i});
    for (std::size_t n = 0; n < m_graph.nodes.size(); ++n) {
      const Node& node = m_graph.nodes[n];
      const bool once = computedOnce(node);
      m_inStep[n] = !once;
      for (const ValueId output : node.outputs)
        if (output.valid() && once) m_schedule.constant[output.index] = true;
    }
  }

  void markNeeded() {
    for (const ValueId id : m_schedule.results) m_needed[id.index] = true;
    std::vector<NodeId> constants;
    for (std::uint32_t n = static_cast<std::uint32_t>(m_graph.nodes.size()); n-- > 0;) {
      const Node& node = m_graph.nodes[n];
      const bool useful = std::ranges::any_of(
          node.outputs, [&](ValueId id) { return id.valid() && m_needed[id.index] && !given(id); });
      if (!useful) {
        m_inStep[n] = false;
        continue;
      }
      for (const ValueId id : m_reads[n]) m_needed[id.index] = true;
      if (!m_inStep[n]) constants.push_back(NodeId{n});
    }
    m_schedule.constantNodes.assign(constants.rbegin(), constants.rend());
  }

  void countReaders() {
    for (std::uint32_t n = 0; n < m_graph.nodes.size(); ++n)
      if (m_inStep[n])
        for (const ValueId id : m_reads[n]) m_readers[id.index].push_back(NodeId{n});
    // A result has a reader that no node stands for.
    for (const ValueId id : m_schedule.results) m_readers[id.index].push_back(NodeId{});
  }

  NodeId onlyReader(ValueId id) const {
    const auto& readers = m_readers[id.index];
    const bool free = readers.size() == 1 && readers[0].valid() && !m_claimed[readers[0].index] &&
                      m_inStep[readers[0].index] && !varied(id);
    return free ? readers[0] : NodeId{};
  }

  /// Every step runs at the position of its last node, when all that the fused nodes read is there.
  void makeSteps() {
    const FusionContext context{m_graph, [&](ValueId id) { return bool{m_schedule.constant[id.index]}; },
                                [&](ValueId id) { return onlyReader(id); },
                                [&](ValueId id) -> std::optional<Shape> {
                                  const Tensor weight = weightOf(m_model, id);
                                  return weight.defined() ? std::optional(weight.shape()) : std::nullopt;
                                },
                                [&](ValueId id) {
                                  const Tensor weight = weightOf(m_model, id);
                                  return weight.defined() &&
                                         (weight.dtype() == DType::Int8 || weight.dtype() == DType::UInt8);
                                }};
    std::vector<Step> stepAt(m_graph.nodes.size());
    for (std::uint32_t n = 0; n < m_graph.nodes.size(); ++n) {
      if (!m_inStep[n] || m_claimed[n]) continue;
      Step step = stepOf(NodeId{n});
      if (m_request.fuse && step.op != nullptr && step.op->fuses) step.tail = matchTail(context, NodeId{n});
      for (const NodeId fused : step.tail.nodes()) m_claimed[fused.index] = true;
      stepAt[step.last().index] = std::move(step);
    }
    for (Step& step : stepAt)
      if (step.head.valid()) finish(std::move(step));
  }

  Step stepOf(NodeId head) const {
    const Node& node = m_graph.node(head);
    Step step;
    step.head = head;
    step.op = findOp(node.domain, node.opType);
    step.opset = opsetOf(m_model, node);
    return step;
  }

  void finish(Step step) {
    step.outputs = m_graph.node(step.last()).outputs;
    step.hasSubgraphs = !m_graph.node(step.head).subgraphs().empty();
    step.named = m_reads[step.head.index];
    if (step.tail.residual.valid()) step.named.push_back(step.tail.residual);
    step.reads = step.named;
    std::erase_if(step.reads, [&](ValueId id) { return m_schedule.constant[id.index]; });
    std::ranges::sort(step.reads);
    step.reads.erase(std::unique(step.reads.begin(), step.reads.end()), step.reads.end());
    for (const ValueId id : step.outputs)
      if (id.valid() && !given(id))
        m_schedule.producer[id.index] = static_cast<std::uint32_t>(m_schedule.steps.size());
    m_schedule.steps.push_back(std::move(step));
  }

  const Model& m_model;
  const ScheduleRequest& m_request;
  Schedule m_schedule;
  const Graph& m_graph;
  std::vector<std::vector<ValueId>> m_reads;  ///< by node
  std::vector<bool> m_inStep;
  std::vector<bool> m_needed;
  std::vector<bool> m_claimed;  ///< fused behind another node
  std::vector<std::vector<NodeId>> m_readers;
};

}  // namespace

Schedule scheduleOf(const Model& model, const ScheduleRequest& request) {
  return Planner(model, request).plan();
}

Tensor weightOf(const Model& model, ValueId value) {
  if (const auto found = model.weights.find(value); found != model.weights.end()) return found->second;
  const auto stored = model.graph->initializers.find(value);
  return stored == model.graph->initializers.end() ? Tensor() : stored->second;
}

}  // namespace lapidary::core
