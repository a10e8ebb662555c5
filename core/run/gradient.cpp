#include "core/run/gradient.h"

#include <algorithm>

#include "core/run/model_inputs.h"
#include "core/run/node_run.h"
#include "core/run/subgraph_run.h"

namespace lapidary::core {
namespace {

Tensor zerosLike(const Tensor& tensor) {
  TensorBuilder builder(DType::Float32, tensor.shape());
  std::ranges::fill(builder.as<float>(), 0.0f);
  return std::move(builder).build();
}

Tensor sumOf(const Tensor& a, const Tensor& b) {
  TensorBuilder builder(DType::Float32, a.shape());
  std::ranges::transform(a.as<float>(), b.as<float>(), builder.as<float>().begin(), std::plus<>());
  return std::move(builder).build();
}

ScheduleRequest requestOf(const GradientRequest& request) {
  ScheduleRequest wanted{false, request.wrt, request.wrt};
  wanted.wanted.insert(wanted.wanted.end(), request.alsoKeep.begin(), request.alsoKeep.end());
  return wanted;
}

/// A forward pass that keeps what the backward pass needs, and the backward pass.
class Sweep {
 public:
  Sweep(const Model& model, const GradientRequest& request, std::stop_token stop)
      : m_model(model),
        m_graph(*model.graph),
        m_request(request),
        m_stop(std::move(stop)),
        m_plan(model, false),
        m_schedule(scheduleOf(model, requestOf(request))),
        m_values(m_graph.values.size()),
        m_gradients(m_graph.values.size()),
        m_active(m_graph.values.size()),
        m_readers(m_graph.values.size()) {
    ConstantFolder folder;
    m_constants = folder.fold(model, m_schedule);
    for (std::size_t i = 0; i < m_values.size(); ++i)
      if (m_schedule.constant[i]) m_values[i] = Activation(m_constants->values[i]);
    for (const ValueId id : request.wrt) startAt(id);
    const auto inputs = acceptedInputs(m_graph, request.inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) m_values[m_graph.inputs[i].index] = Activation(inputs[i]);
    markActive();
  }

  void forward() {
    const ValueOf valueOf = [this](ValueId id) -> const Activation& { return m_values[id.index]; };
    for (const Step& step : m_schedule.steps) {
      check();
      StepSubgraphs subgraphs({m_plan, m_schedule, *m_constants, valueOf, nullptr}, {m_stop});
      const auto outputs = runStep(m_graph, step, Fusion(), valueOf, &subgraphs);
      for (std::size_t k = 0; k < step.outputs.size(); ++k)
        if (const ValueId id = step.outputs[k]; id.valid() && !m_schedule.constant[id.index])
          m_values[id.index] = plainActivation(outputs[k]);
      for (const ValueId id : step.reads)
        if (--m_readers[id.index] == 0) m_values[id.index] = Activation();
    }
  }

  void seed(const std::vector<Tensor>& outputs) {
    const std::vector<Tensor> seeds = m_request.seed(outputs);
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

  /// Steps in reverse order: the order of every sum is fixed.
  void backward() {
    for (std::size_t i = m_schedule.steps.size(); i-- > 0;) {
      check();
      backward(m_schedule.steps[i]);
    }
  }

  Tensor value(ValueId id) const { return toPlain(m_values[id.index]); }
  Tensor gradient(ValueId id) const {
    const Tensor& gradient = m_gradients[id.index];
    return gradient.defined() ? gradient : zerosLike(value(id));
  }

 private:
  void check() const {
    if (m_stop.stop_requested()) throw Cancelled();
  }

  void startAt(ValueId id) {
    m_active[id.index] = true;
    if (const Tensor weight = weightOf(m_model, id); weight.defined())
      m_values[id.index] = Activation(widened(weight));
  }

  bool isActive(ValueId id) const { return id.valid() && m_active[id.index]; }

  /// What depends on a value asked for is active; all around active steps is kept for the way back.
  void markActive() {
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

  void backward(const Step& step) {
    const Node& node = m_graph.node(step.head);
    std::vector<bool> wanted;
    for (const ValueId id : node.inputs)
      wanted.push_back(isActive(id) && isFloating(m_values[id.index].dtype));
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
      if (id.valid() && !isRequested(id)) m_gradients[id.index] = Tensor();
  }

  /// Where a node turns codes back into values that were quantized just before, the value before the codes.
  ValueId beforeCodes(const Node& node) const {
    if (!node.domain.empty() || node.opType != "DequantizeLinear") return {};
    const NodeId producer = m_graph.value(node.inputs[0]).producer;
    if (!producer.valid()) return {};
    const Node& quantizer = m_graph.node(producer);
    const bool known = quantizer.opType == "QuantizeLinear" || quantizer.opType == "DynamicQuantizeLinear";
    return known && isActive(quantizer.inputs[0]) ? quantizer.inputs[0] : ValueId{};
  }

  /// The straight-through estimator (Bengio et al. 2013): rounding counts as the identity.
  void passStraight(const Node& node, ValueId source) {
    const ValueId output = node.outputs[0];
    accumulate(source, m_gradients[output.index]);
    if (!isRequested(output)) m_gradients[output.index] = Tensor();
  }

  /// A gradient of a value that only a subgraph reads must not pass for zero.
  void requireNoneCaptured(const Step& step, const Node& node) const {
    if (!step.hasSubgraphs || step.op->backward != nullptr) return;
    for (const ValueId id : step.reads)
      if (isActive(id) && std::ranges::find(node.inputs, id) == node.inputs.end() &&
          isFloating(m_values[id.index].dtype))
        throw Error(ErrorKind::Unsupported, describe(m_graph, step.head) +
                                                ": no gradient flows through the subgraphs of this operator");
  }

  std::vector<Tensor> run(const Step& step, const Node& node, const std::vector<bool>& wanted) const {
    if (step.op->backward == nullptr)
      throw Error(ErrorKind::Unsupported, "no gradient flows through this operator");
    std::vector<Tensor> inputs, outputs, outputGradients;
    for (const ValueId id : node.inputs) inputs.push_back(id.valid() ? value(id) : Tensor());
    for (const ValueId id : node.outputs) {
      outputs.push_back(id.valid() ? value(id) : Tensor());
      outputGradients.push_back(id.valid() ? m_gradients[id.index] : Tensor());
    }
    return step.op->backward(BackwardCall{node, step.opset, inputs, outputs, outputGradients, wanted});
  }

  bool isRequested(ValueId id) const { return std::ranges::find(m_request.wrt, id) != m_request.wrt.end(); }

  void accumulate(ValueId id, const Tensor& gradient) {
    Tensor& sum = m_gradients[id.index];
    sum = sum.defined() ? sumOf(sum, gradient) : gradient;
  }

  const Model& m_model;
  const Graph& m_graph;
  const GradientRequest& m_request;
  std::stop_token m_stop;
  GraphPlan m_plan;  ///< for its subgraphs
  Schedule m_schedule;
  std::shared_ptr<const FoldedConstants> m_constants;
  std::vector<Activation> m_values;
  std::vector<Tensor> m_gradients;
  std::vector<bool> m_active;
  std::vector<std::uint32_t> m_readers;
};

void requireKnown(const Model& model, const GradientRequest& request) {
  for (const auto* list : {&request.wrt, &request.alsoKeep})
    for (const ValueId id : *list)
      if (!id.valid() || id.index >= model.graph->values.size())
        throw Error(ErrorKind::Usage, "a value whose gradient was asked for is not in the graph");
  const auto lacking = lackingOps(model);
  if (!lacking.empty())
    throw Error(ErrorKind::Unsupported, "the model cannot be run: not implemented is " + lacking.front());
}

}  // namespace

GradientResult gradients(const Model& model, const GradientRequest& request, std::stop_token stop) {
  useOneThreadPerWorker();
  requireKnown(model, request);
  Sweep sweep(model, request, std::move(stop));
  sweep.forward();
  GradientResult result;
  for (const ValueId id : model.graph->outputs)
    result.outputs.push_back(asDeclared(*model.graph, id, sweep.value(id)));
  for (const ValueId id : request.alsoKeep) result.kept.push_back(sweep.value(id));
  sweep.seed(result.outputs);
  sweep.backward();
  for (const ValueId id : request.wrt) result.gradients.push_back(sweep.gradient(id));
  return result;
}

}  // namespace lapidary::core
