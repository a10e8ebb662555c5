// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/sweep.h"

#include <algorithm>

#include "core/model/standard_domain.h"
#include "core/run/model_inputs.h"
#include "core/run/node_run.h"
#include "core/run/subgraph_run.h"
#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

Tensor zerosLike(const Tensor& tensor) {
  TensorBuilder builder(DType::Float32, tensor.shape());
  std::ranges::fill(builder.as<float>(), 0.0f);
  return std::move(builder).build();
}

LAPIDARY_VECTORIZED void add(const float* __restrict a, const float* __restrict b, float* __restrict to,
                             std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = a[i] + b[i];
}

Tensor sumOf(const Tensor& a, const Tensor& b) {
  TensorBuilder builder(DType::Float32, a.shape());
  add(a.as<float>().data(), b.as<float>().data(), builder.as<float>().data(), builder.as<float>().size());
  return std::move(builder).build();
}

}  // namespace

Sweep::Sweep(const BackwardPlan& plan, const Model& model, std::span<const Tensor> inputs,
             std::stop_token stop)
    : m_plan(plan),
      m_model(model),
      m_graph(plan.graph()),
      m_schedule(plan.schedule()),
      m_stop(std::move(stop)),
      m_constants(plan.fold(model)),
      m_values(m_graph.values.size()),
      m_gradients(m_graph.values.size()),
      m_readers(plan.readers()) {
  for (std::size_t i = 0; i < m_values.size(); ++i)
    if (m_schedule.constant[i]) m_values[i] = Activation(m_constants->values[i]);
  for (const ValueId id : plan.varied()) startAt(id);
  const auto accepted = acceptedInputs(m_graph, inputs);
  for (std::size_t i = 0; i < accepted.size(); ++i)
    m_values[m_graph.inputs[i].index] = Activation(accepted[i]);
}

void Sweep::forward(std::size_t first, std::size_t end) {
  const ValueOf valueOf = [this](ValueId id) -> const Activation& { return m_values[id.index]; };
  for (std::size_t i = first; i < end; ++i) {
    check();
    const Step& step = m_schedule.steps[i];
    StepSubgraphs subgraphs({m_plan.plan(), m_schedule, *m_constants, valueOf, nullptr}, {m_stop});
    const auto outputs = runStep(m_graph, step, Fusion(), valueOf, &subgraphs);
    for (std::size_t k = 0; k < step.outputs.size(); ++k)
      if (const ValueId id = step.outputs[k]; id.valid() && !m_schedule.constant[id.index])
        m_values[id.index] = plainActivation(outputs[k]);
    for (const ValueId id : step.reads)
      if (--m_readers[id.index] == 0) m_values[id.index] = Activation();
  }
}

std::vector<Tensor> Sweep::outputs() const {
  std::vector<Tensor> outputs;
  for (const ValueId id : m_graph.outputs) outputs.push_back(asDeclared(m_graph, id, value(id)));
  return outputs;
}

void Sweep::seed(std::span<const Tensor> outputs, const std::vector<Tensor>& seeds) {
  if (seeds.size() != outputs.size())
    throw Error(ErrorKind::Usage, std::to_string(seeds.size()) + " output gradients were given for " +
                                      std::to_string(outputs.size()) + " outputs");
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    if (!seeds[i].defined()) continue;
    if (seeds[i].shape() != outputs[i].shape())
      throw Error(ErrorKind::Usage, "the gradient of output " + std::to_string(i) + " has shape " +
                                        toText(seeds[i].shape()) + ", " + toText(outputs[i].shape()) +
                                        " expected");
    accumulate(m_graph.outputs[i], toFloat32(seeds[i]));
  }
}

void Sweep::backward(std::size_t first, std::size_t end) {
  for (std::size_t i = end; i-- > first;) {
    check();
    backward(m_schedule.steps[i]);
  }
}

Tensor Sweep::value(ValueId id) const { return toPlain(m_values[id.index]); }

Tensor Sweep::gradient(ValueId id) const {
  const Tensor& gradient = m_gradients[id.index];
  return gradient.defined() ? gradient : zerosLike(value(id));
}

void Sweep::check() const {
  if (m_stop.stop_requested()) throw Cancelled();
}

void Sweep::startAt(ValueId id) {
  if (const Tensor weight = weightOf(m_model, id); weight.defined())
    m_values[id.index] = Activation(widened(weight));
}

void Sweep::backward(const Step& step) {
  const Node& node = m_graph.node(step.head);
  std::vector<bool> wanted;
  for (const ValueId id : node.inputs)
    wanted.push_back(m_plan.isActive(id) && isFloating(m_values[id.index].dtype));
  const bool flows = std::ranges::any_of(
      step.outputs, [&](ValueId id) { return id.valid() && m_gradients[id.index].defined(); });
  if (!flows) return;
  if (const ValueId source = beforeCodes(node); source.valid()) return passStraight(node, source);
  requireNoneCaptured(step, node);
  if (std::ranges::find(wanted, true) == wanted.end()) return;
  const std::vector<Tensor> gradients =
      withContext(describe(m_graph, step.head), [&] { return run(step, node, wanted); });
  for (std::size_t i = 0; i < gradients.size() && i < node.inputs.size(); ++i)
    if (wanted[i] && gradients[i].defined()) accumulate(node.inputs[i], gradients[i]);
  for (const ValueId id : step.outputs)
    if (id.valid() && !m_plan.isVaried(id)) m_gradients[id.index] = Tensor();
}

/// Where a node turns codes back into values that were quantized just before, the value before the codes.
ValueId Sweep::beforeCodes(const Node& node) const {
  if (!isStandard(node, "DequantizeLinear")) return {};
  const NodeId producer = m_graph.value(node.inputs[0]).producer;
  if (!producer.valid()) return {};
  const Node& quantizer = m_graph.node(producer);
  const bool known = quantizer.opType == "QuantizeLinear" || quantizer.opType == "DynamicQuantizeLinear";
  return known && m_plan.isActive(quantizer.inputs[0]) ? quantizer.inputs[0] : ValueId{};
}

/// The straight-through estimator (Bengio et al. 2013): rounding counts as the identity.
void Sweep::passStraight(const Node& node, ValueId source) {
  const ValueId output = node.outputs[0];
  accumulate(source, m_gradients[output.index]);
  if (!m_plan.isVaried(output)) m_gradients[output.index] = Tensor();
}

/// A gradient of a value that only a subgraph reads must not pass for zero.
void Sweep::requireNoneCaptured(const Step& step, const Node& node) const {
  if (!step.hasSubgraphs || step.op->backward != nullptr) return;
  for (const ValueId id : step.reads)
    if (m_plan.isActive(id) && std::ranges::find(node.inputs, id) == node.inputs.end() &&
        isFloating(m_values[id.index].dtype))
      throw Error(ErrorKind::Unsupported, describe(m_graph, step.head) +
                                              ": no gradient flows through the subgraphs of this operator");
}

std::vector<Tensor> Sweep::run(const Step& step, const Node& node, const std::vector<bool>& wanted) const {
  if (step.op->backward == nullptr)
    throw Error(ErrorKind::Unsupported, "no gradient flows through this operator");
  std::vector<Tensor> inputs, outputs, outputGradients;
  for (const ValueId id : node.inputs) inputs.push_back(id.valid() ? value(id) : Tensor());
  for (const ValueId id : node.outputs) {
    outputs.push_back(id.valid() ? value(id) : Tensor());
    outputGradients.push_back(id.valid() ? m_gradients[id.index] : Tensor());
  }
  const BackwardCall call{node, step.opset, inputs, outputs, outputGradients, wanted, step.prepared.get()};
  return m_rule ? m_rule(*step.op, call) : step.op->backward(call);
}

void Sweep::accumulate(ValueId id, const Tensor& gradient) {
  Tensor& sum = m_gradients[id.index];
  sum = sum.defined() ? sumOf(sum, gradient) : gradient;
}

}  // namespace lapidary::core
