// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/relevance_rules.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/explain/gradients/elementwise_tensors.h"

namespace lapidary::core {
namespace {

using Types = std::set<std::string_view>;

/// Each output element is an input element: relevance goes where it came from.
const Types movers{
    "Reshape", "Flatten",      "Squeeze",      "Unsqueeze",     "Transpose", "Identity",  "Dropout",
    "Cast",    "Slice",        "Split",        "Concat",        "Gather",    "GatherND",  "GatherElements",
    "Pad",     "Where",        "MaxPool",      "GlobalMaxPool", "ReduceMax", "ReduceMin", "Expand",
    "Tile",    "DepthToSpace", "SpaceToDepth", "Max",           "Min",       "MaxUnpool"};

/// Functions of one element, and normalisations over features: relevance is handed on as it is.
const Types passers{"Relu",
                    "LeakyRelu",
                    "PRelu",
                    "Elu",
                    "Selu",
                    "Celu",
                    "Sigmoid",
                    "Tanh",
                    "Clip",
                    "Gelu",
                    "HardSwish",
                    "HardSigmoid",
                    "Softplus",
                    "Softsign",
                    "Mish",
                    "Swish",
                    "QuickGelu",
                    "FastGelu",
                    "Erf",
                    "Sqrt",
                    "Exp",
                    "Log",
                    "Abs",
                    "Pow",
                    "Div",
                    "Reciprocal",
                    "LayerNormalization",
                    "GroupNormalization",
                    "InstanceNormalization",
                    "LpNormalization",
                    "RMSNormalization",
                    "SimplifiedLayerNormalization",
                    "MeanVarianceNormalization"};

/// Products of two values that both depend on the input.
const Types products{"Mul", "MatMul", "Gemm", "Einsum"};

const Types weighted{"Conv", "Gemm", "MatMul"};

/// To the first input alone: of a quotient the numerator, of a power the base.
std::vector<Tensor> handedOn(const BackwardCall& call) {
  std::vector<Tensor> result(call.inputs.size());
  if (!call.wanted[0] || !call.outputGradients[0].defined()) return result;
  const Tensor& relevance = call.outputGradients[0];
  result[0] = relevance.shape() == call.inputs[0].shape()
                  ? relevance
                  : summedTo(relevance, call.inputs[0].shape());  // it was broadcast
  return result;
}

/// R / z for every output, with z kept away from 0.
std::vector<Tensor> quotients(const BackwardCall& call, double epsilon) {
  std::vector<Tensor> result(call.outputs.size());
  for (std::size_t i = 0; i < result.size(); ++i)
    if (call.outputGradients[i].defined())
      result[i] = dividedStably(call.outputGradients[i], toFloat32(call.outputs[i]), epsilon);
  return result;
}

std::vector<Tensor> bySharesOfOutput(const Op& op, const BackwardCall& call, double epsilon) {
  const std::vector<Tensor> quotient = quotients(call, epsilon);
  BackwardCall changed = call;
  changed.outputGradients = quotient;
  std::vector<Tensor> result = op.backward(changed);
  const auto factors = std::ranges::count(call.wanted, true);
  const float share = products.contains(op.type) && factors > 1 ? 1 / static_cast<float>(factors) : 1.0f;
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i].defined()) result[i] = timesScaled(toFloat32(call.inputs[i]), result[i], share);
  return result;
}

std::vector<Tensor> shared(const Op& op, const BackwardCall& call, double epsilon) {
  if (movers.contains(op.type)) return op.backward(call);
  if (passers.contains(op.type)) return handedOn(call);
  return bySharesOfOutput(op, call, epsilon);
}

/// The generalised gamma rule, for inputs of both signs: one linear step with four sets of weights.
class GammaStep {
 public:
  GammaStep(const Op& op, const BackwardCall& call, float gamma)
      : m_op(op), m_call(call), m_gamma(gamma), m_input(call.wanted[0] ? 0 : 1) {}

  std::vector<Tensor> share() const {
    const Tensor x = toFloat32(m_call.inputs[m_input]), above = part(x, 1), below = part(x, -1);
    const Tensor up = sum(output(above, 1, true), output(below, -1, false));
    const Tensor down = sum(output(above, -1, true), output(below, 1, false));
    const Tensor z = toFloat32(m_call.outputs[0]);
    const Tensor fromUp = quotient(z, up, 1), fromDown = quotient(z, down, -1);
    std::vector<Tensor> result(m_call.inputs.size());
    result[m_input] = sum(timesScaled(above, sum(back(fromUp, 1), back(fromDown, -1)), 1),
                          timesScaled(below, sum(back(fromUp, -1), back(fromDown, 1)), 1));
    return result;
  }

 private:
  /// The inputs with `x` in place, and weights whose part of that sign counts more.
  std::vector<Tensor> inputs(const Tensor& x, float sign, bool withBias) const {
    std::vector<Tensor> result(m_call.inputs.begin(), m_call.inputs.end());
    for (std::size_t i = 0; i < result.size(); ++i)
      if (i == m_input)
        result[i] = x;
      else if (result[i].defined())
        result[i] = i == 2 && !withBias ? timesScaled(result[i], result[i], 0)
                                        : favoured(toFloat32(result[i]), sign, m_gamma);
    return result;
  }

  Tensor output(const Tensor& x, float sign, bool withBias) const {
    std::vector<Activation> given;
    for (const Tensor& tensor : inputs(x, sign, withBias))
      given.push_back(tensor.defined() ? Activation(tensor) : Activation());
    return toPlain(m_op.forward(OpCall{m_call.node, m_call.opset, given}).at(0));
  }

  Tensor quotient(const Tensor& z, const Tensor& sums, float sign) const {
    return dividedWhere(m_call.outputGradients[0], sums, z, sign);
  }

  Tensor back(const Tensor& quotient, float sign) const {
    const std::vector<Tensor> given = inputs(toFloat32(m_call.inputs[m_input]), sign, true);
    const Tensor gradients[]{quotient};
    BackwardCall changed = m_call;
    changed.inputs = given;
    changed.outputGradients = gradients;
    changed.prepared = nullptr;
    return m_op.backward(changed).at(m_input);
  }

  const Op& m_op;
  const BackwardCall& m_call;
  float m_gamma;
  std::size_t m_input;  ///< which one relevance goes to
};

}  // namespace

BackwardRule epsilonRule(double epsilon) {
  return [epsilon](const Op& op, const BackwardCall& call) { return shared(op, call, epsilon); };
}

BackwardRule gammaRule(double gamma, double epsilon) {
  return [gamma, epsilon](const Op& op, const BackwardCall& call) {
    const bool applies = weighted.contains(op.type) && std::ranges::count(call.wanted, true) == 1 &&
                         (call.wanted[0] || (op.type != "Conv" && call.wanted[1]));
    return applies ? GammaStep(op, call, static_cast<float>(gamma)).share() : shared(op, call, epsilon);
  };
}

}  // namespace lapidary::core
