// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/graph_run.h"

#include <algorithm>
#include <bit>
#include <chrono>

#include "core/run/model_inputs.h"
#include "core/run/node_run.h"

namespace lapidary::core {

GraphRun::GraphRun(GraphPlan& plan, std::shared_ptr<const Schedule> schedule,
                   std::shared_ptr<const FoldedConstants> constants)
    : m_plan(plan),
      m_schedule(std::move(schedule)),
      m_constants(std::move(constants)),
      m_graph(*m_schedule->graph),
      m_slots(m_graph.values.size()),
      m_weights(m_graph.values.size()),
      m_todo(m_schedule->steps.size(), true) {}

void GraphRun::feed(std::span<const Tensor> inputs) {
  std::vector<Tensor> accepted = acceptedInputs(m_graph, inputs);
  for (const Tensor& input : accepted) m_fedBytes += input.bytes().size();
  for (std::size_t i = 0; i < accepted.size(); ++i)
    give(m_graph.inputs[i], Activation(std::move(accepted[i])));
}

std::vector<Tensor> GraphRun::outputs() {
  std::vector<Tensor> tensors;
  for (const ValueId id : m_graph.outputs) tensors.push_back(asDeclared(m_graph, id, toPlain(value(id))));
  return tensors;
}

void GraphRun::name(ValueId id, const Key& key) {
  m_valueKeys.resize(m_graph.values.size());
  m_valueKeys[id.index] = key;
}

void GraphRun::remember(ActivationCache& cache) {
  m_valueKeys.resize(m_graph.values.size());
  for (std::size_t i = 0; i < m_schedule->steps.size(); ++i) nameStep(i);
  findNeeded(cache);
  keepPath(cache);
}

void GraphRun::execute(const RunContext& context, const Done& done) {
  begin();
  executeSteps(0, m_schedule->steps.size(), context, done);
}

void GraphRun::executeSteps(std::size_t first, std::size_t end, const RunContext& context, const Done& done) {
  for (std::size_t i = first; i < end; ++i) {
    if (!m_todo[i]) continue;
    if (context.stop.stop_requested()) throw Cancelled();
    const auto start = std::chrono::steady_clock::now();
    const auto outputs = compute(i, context);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (context.cache != nullptr) keep(i, outputs, context);
    if (done) done(i, outputs, seconds.count());
    store(m_schedule->steps[i], outputs);
    release(m_schedule->steps[i]);
    ++m_stepsRun;
  }
}

std::vector<Activation> GraphRun::compute(std::size_t i, const RunContext& context) {
  const Step& step = m_schedule->steps[i];
  const Fusion& fusion = m_constants->fusions[i];
  if (context.split.workers > 1 && !step.hasSubgraphs)
    if (auto outputs = runInParts(m_graph, step, fusion, m_constants->values, m_valueOf, context.split)) {
      ++m_stepsSplit;
      return std::move(*outputs);
    }
  if (!step.hasSubgraphs) return runStep(m_graph, step, fusion, m_valueOf);
  const std::vector<Key>* keys = context.cache != nullptr ? &m_valueKeys : nullptr;
  StepSubgraphs subgraphs({m_plan, *m_schedule, *m_constants, m_valueOf, keys}, context);
  return runStep(m_graph, step, fusion, m_valueOf, &subgraphs);
}

/// Constants become activations when they are first read.
const Activation& GraphRun::value(ValueId id) {
  if (!m_schedule->constant[id.index]) return m_slots[id.index].value;
  Activation& weight = m_weights[id.index];
  if (!weight.defined()) {
    weight = Activation(m_constants->values[id.index]);
    weight.codes = m_constants->codes[id.index];
  }
  return weight;
}

void GraphRun::nameStep(std::size_t i) {
  const Step& step = m_schedule->steps[i];
  const Fusion& fusion = m_constants->fusions[i];
  std::vector<std::uint64_t> words{step.identity.high,
                                   step.identity.low,
                                   fusion.channelScale.id(),
                                   fusion.channelShift.id(),
                                   std::bit_cast<std::uint32_t>(fusion.alpha),
                                   std::bit_cast<std::uint32_t>(fusion.beta),
                                   std::bit_cast<std::uint32_t>(fusion.codeScale),
                                   static_cast<std::uint32_t>(fusion.codeZero)};
  for (const ValueId id : step.named) {
    const bool constant = m_schedule->constant[id.index];
    const Key& key = m_valueKeys[id.index];
    words.push_back(constant ? m_constants->values[id.index].id() : key.high);
    words.push_back(constant ? 0 : key.low);
  }
  m_stepKeys.push_back(hashWords(words));
  for (std::size_t k = 0; k < step.outputs.size(); ++k) {
    if (!step.outputs[k].valid()) continue;
    const std::uint64_t output[] = {m_stepKeys[i].high, m_stepKeys[i].low, k};
    m_valueKeys[step.outputs[k].index] = hashWords(output);
  }
}

/// From the results backward: a step whose outputs are remembered needs none of its inputs.
void GraphRun::findNeeded(const ActivationCache& cache) {
  std::vector<bool> needed(m_schedule->steps.size());
  const auto need = [&](ValueId id) {
    if (const std::uint32_t step = m_schedule->producer[id.index]; step != Schedule::none)
      needed[step] = true;
  };
  for (const ValueId id : m_schedule->results) need(id);
  for (std::size_t i = m_schedule->steps.size(); i-- > 0;) {
    m_todo[i] = needed[i];
    if (!needed[i]) continue;
    if (const auto found = cache.find(m_stepKeys[i])) {
      m_todo[i] = false;
      store(m_schedule->steps[i], *found);
    } else {
      for (const ValueId id : m_schedule->steps[i].reads) need(id);
    }
  }
}

/// The results above those that were found serve the next edit of an earlier layer.
void GraphRun::keepPath(ActivationCache& cache) {
  std::vector<Key> keys;
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < m_stepKeys.size(); ++i)
    if (!m_todo[i]) keys.push_back(m_stepKeys[i]), steps.push_back(i);
  const std::vector<std::size_t> bytes = cache.touch(keys);
  for (std::size_t k = 0; k < keys.size(); ++k)
    if (bytes[k] > 0) noteKept(steps[k], bytes[k]);
}

void GraphRun::noteKept(std::size_t step, std::size_t bytes) {
  m_inCache.resize(m_schedule->steps.size());
  m_inCache[step] = true;
  m_kept.push_back({step, bytes});
  m_keptBytes += bytes;
}

/// A result whose inputs are at hand is computed again by one step, so of two in a row one gives way. Where
/// that is not enough the first ones do: the last are the smallest in most networks, and serve the edits of
/// all layers behind them.
std::size_t GraphRun::leastMissed() const {
  for (std::size_t k = 0; k + 1 < m_kept.size(); ++k) {
    const auto& reads = m_schedule->steps[m_kept[k].step].reads;
    const bool atHand = std::ranges::all_of(reads, [&](ValueId id) {
      const std::uint32_t producer = m_schedule->producer[id.index];
      return producer == Schedule::none || m_inCache[producer];
    });
    if (atHand) return k;
  }
  return 0;
}

void GraphRun::keep(std::size_t i, const std::vector<Activation>& outputs, const RunContext& context) {
  const std::size_t bytes = context.cache->insert(m_stepKeys[i], outputs, context.retention);
  if (bytes == 0) return;
  noteKept(i, bytes);
  while (m_keptBytes > context.rememberedBytes && m_kept.size() > 1) {
    const auto victim = m_kept.begin() + static_cast<std::ptrdiff_t>(leastMissed());
    context.cache->drop(m_stepKeys[victim->step]);
    m_inCache[victim->step] = false;
    m_keptBytes -= victim->bytes;
    m_kept.erase(victim);
  }
}

void GraphRun::put(Slot& slot, Activation value) {
  m_liveBytes -= slot.value.defined() ? slot.value.byteSize() : 0;
  slot.value = std::move(value);
  m_liveBytes += slot.value.defined() ? slot.value.byteSize() : 0;
  m_peakBytes = std::max(m_peakBytes, m_liveBytes);
}

void GraphRun::countReaders() {
  for (std::size_t i = 0; i < m_schedule->steps.size(); ++i)
    if (m_todo[i])
      for (const ValueId id : m_schedule->steps[i].reads) ++m_slots[id.index].readers;
  for (const ValueId id : m_schedule->results) ++m_slots[id.index].readers;
}

void GraphRun::store(const Step& step, const std::vector<Activation>& outputs) {
  for (std::size_t k = 0; k < step.outputs.size(); ++k)
    if (const ValueId id = step.outputs[k]; id.valid() && !m_schedule->constant[id.index])
      put(m_slots[id.index], outputs[k]);
}

void GraphRun::release(const Step& step) {
  for (const ValueId id : step.reads)
    if (--m_slots[id.index].readers == 0) put(m_slots[id.index], Activation());
  for (const ValueId id : step.outputs)
    if (id.valid() && m_slots[id.index].readers == 0) put(m_slots[id.index], Activation());
}

}  // namespace lapidary::core
