// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/constant_folder.h"

#include "core/run/node_run.h"
#include "core/run/weight_codes.h"

namespace lapidary::core {
namespace {

/// How many variants of a weight are remembered: the original's, the edited one's, and some to return to.
constexpr std::size_t variants = 6;

Key keyOf(const Model& model, const Schedule& schedule) {
  std::vector<std::uint64_t> words{schedule.identity.high, schedule.identity.low};
  for (const auto& [id, tensor] : model.weights) words.insert(words.end(), {id.index, tensor.id()});
  for (const auto& [id, encoding] : model.encodings)
    words.insert(words.end(), {id.index, encoding->codes.id(), encoding->scale.id()});
  return hashWords(words);
}

std::vector<ValueId> constantReads(const Graph& graph, const FusedTail& tail) {
  std::vector<ValueId> reads{tail.biasValue, tail.low, tail.high};
  if (tail.quantize.valid()) {
    const auto& inputs = graph.node(tail.quantize).inputs;
    reads.insert(reads.end(), inputs.begin() + 1, inputs.end());
  }
  if (tail.norm.valid()) {
    const auto& inputs = graph.node(tail.norm).inputs;
    reads.insert(reads.end(), inputs.begin() + 1, inputs.begin() + 5);
  }
  return reads;
}

}  // namespace

std::shared_ptr<const FoldedConstants> ConstantFolder::fold(const Model& model, const Schedule& schedule) {
  const std::lock_guard lock(m_mutex);
  return m_whole.get(keyOf(model, schedule),
                     [&] { return std::make_shared<const FoldedConstants>(compute(model, schedule)); });
}

FoldedConstants ConstantFolder::compute(const Model& model, const Schedule& schedule) {
  m_widened.allowEntries(variants * model.weights.size());
  m_nodes.allowEntries(variants * schedule.constantNodes.size());
  m_fusions.allowEntries(variants * schedule.steps.size());
  FoldedConstants folded;
  folded.values.resize(schedule.constant.size());
  for (std::uint32_t i = 0; i < folded.values.size(); ++i) {
    if (!schedule.constant[i]) continue;
    const Tensor weight = weightOf(model, ValueId{i});
    const std::uint64_t words[] = {weight.id()};
    const bool half =
        weight.defined() && (weight.dtype() == DType::Float16 || weight.dtype() == DType::BFloat16);
    folded.values[i] = half ? m_widened.get(hashWords(words), [&] { return widened(weight); }) : weight;
  }
  for (const NodeId id : schedule.constantNodes) runConstantNode(model, *schedule.graph, id, folded.values);
  folded.codes = weightCodes(model, schedule, folded.values);
  for (const Step& step : schedule.steps)
    folded.fusions.push_back(fusionFor(*schedule.graph, step, folded.values));
  return folded;
}

void ConstantFolder::runConstantNode(const Model& model, const Graph& graph, NodeId id,
                                     std::vector<Tensor>& values) {
  const Node& node = graph.node(id);
  std::vector<std::uint64_t> words{id.index};
  std::vector<Activation> inputs;
  for (const ValueId input : node.inputs) {
    inputs.push_back(input.valid() && values[input.index].defined() ? Activation(values[input.index])
                                                                    : Activation());
    words.push_back(inputs.back().tensor.id());
  }
  const auto& outputs = m_nodes.get(hashWords(words), [&] {
    const Op* op = findOp(node.domain, node.opType);
    std::vector<Tensor> plain;
    for (const Activation& output : runAt(graph, id, *op, OpCall{node, opsetOf(model, node), inputs}))
      plain.push_back(output.defined() ? toPlain(output) : Tensor());
    return plain;
  });
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    const ValueId output = node.outputs[i];
    if (output.valid() && !values[output.index].defined()) values[output.index] = outputs[i];
  }
}

const Fusion& ConstantFolder::fusionFor(const Graph& graph, const Step& step,
                                        const std::vector<Tensor>& values) {
  std::vector<std::uint64_t> words{step.identity.high, step.identity.low};
  for (const ValueId id : constantReads(graph, step.tail))
    words.push_back(id.valid() ? values[id.index].id() : 0);
  return m_fusions.get(hashWords(words), [&] {
    return fusionOf(graph, step.tail, [&](ValueId id) { return values[id.index]; });
  });
}

}  // namespace lapidary::core
