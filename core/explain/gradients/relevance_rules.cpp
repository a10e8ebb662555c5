// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/relevance_rules.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/explain/gradients/elementwise_tensors.h"
#include "core/explain/gradients/relevance_table.h"

namespace lapidary::core {
namespace {

const std::set<std::string_view> weighted{"Conv", "Gemm", "MatMul"};

/// To the first input that is asked for.
std::vector<Tensor> handedOn(const BackwardCall& call) {
  std::vector<Tensor> result(call.inputs.size());
  const auto to = static_cast<std::size_t>(std::ranges::find(call.wanted, true) - call.wanted.begin());
  if (to >= result.size() || !call.outputGradients[0].defined()) return result;
  const Tensor& relevance = call.outputGradients[0];
  result[to] = relevance.shape() == call.inputs[to].shape()
                   ? relevance
                   : summedTo(relevance, call.inputs[to].shape());  // it was broadcast
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

/// x J^T (R / z).
std::vector<Tensor> byParts(const Op& op, const BackwardCall& call, double epsilon) {
  const std::vector<Tensor> quotient = quotients(call, epsilon);
  BackwardCall changed = call;
  changed.outputGradients = quotient;
  std::vector<Tensor> result = op.backward(changed);
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i].defined()) result[i] = timesScaled(toFloat32(call.inputs[i]), result[i], 1);
  return result;
}

/// Through the third input alone, queries and keys only choose.
std::vector<Tensor> byValues(const Op& op, const BackwardCall& call, double epsilon) {
  BackwardCall changed = call;
  for (std::size_t i = 0; i < changed.wanted.size(); ++i) changed.wanted[i] = i == 2 && call.wanted[i];
  return byParts(op, changed, epsilon);
}

/// How many factors that depend on the input each term of the output has.
std::int64_t factorsOf(const Op& op, const BackwardCall& call) {
  if (op.type == "ReduceSumSquare") return 2;
  if (op.type == "ReduceProd")
    return call.inputs[0].size() / std::max<std::int64_t>(1, call.outputs[0].size());
  // What Gemm adds at last is no factor.
  const auto operands = op.type == "Gemm" ? std::min<std::size_t>(2, call.wanted.size()) : call.wanted.size();
  return std::count(call.wanted.begin(), call.wanted.begin() + static_cast<std::ptrdiff_t>(operands), true);
}

std::vector<Tensor> byFactors(const Op& op, const BackwardCall& call, double epsilon) {
  std::vector<Tensor> result = byParts(op, call, epsilon);
  const auto share = 1 / static_cast<float>(std::max<std::int64_t>(1, factorsOf(op, call)));
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i].defined() && !(op.type == "Gemm" && i == 2)) result[i] = scaled(result[i], share);
  return result;
}

/// The inputs that are added before anything else is done. A third is the bias of a residual sum, which
/// stands behind the parameters of the norm: one without, two with a shift of its own.
std::vector<std::size_t> addendsOf(const Op& op, const BackwardCall& call) {
  std::vector<std::size_t> addends{0, 1};
  if (op.type == "SkipLayerNormalization") addends.push_back(4);
  if (op.type == "SkipSimplifiedLayerNormalization") addends.push_back(3);
  std::erase_if(addends, [&](std::size_t i) { return i >= call.inputs.size() || !call.inputs[i].defined(); });
  return addends;
}

/// What the outputs of the sum's shape got; statistics of a norm have no relevance.
Tensor relevanceOfSum(const BackwardCall& call) {
  Tensor all;
  for (const Tensor& each : call.outputGradients)
    if (each.defined() && each.shape() == call.outputs[0].shape())
      all = all.defined() ? sum(all, each) : each;
  return all;
}

std::vector<Tensor> byAddends(const Op& op, const BackwardCall& call, double epsilon) {
  std::vector<Tensor> result(call.inputs.size());
  const Tensor relevance = relevanceOfSum(call);
  if (!relevance.defined()) return result;
  Tensor z;
  std::vector<Tensor> wide(call.inputs.size());
  for (const std::size_t i : addendsOf(op, call)) {
    wide[i] = repeatedTo(toFloat32(call.inputs[i]), relevance.shape());
    z = z.defined() ? sum(z, wide[i]) : wide[i];
  }
  const Tensor quotient = dividedStably(relevance, z, epsilon);
  for (const std::size_t i : addendsOf(op, call))
    if (call.wanted[i]) result[i] = summedTo(timesScaled(wide[i], quotient, 1), call.inputs[i].shape());
  return result;
}

std::vector<Tensor> insideLog(const Op& op, const BackwardCall& call) {
  std::vector<Tensor> result = op.backward(call);
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i].defined()) result[i] = timesScaled(toFloat32(call.inputs[i]), result[i], 1);
  return result;
}

std::vector<Tensor> shared(const Op& op, const BackwardCall& call, double epsilon) {
  switch (sharingOf(op.domain, op.type)) {
    case Sharing::Moves:
      return op.backward(call);
    case Sharing::HandsOn:
      return handedOn(call);
    case Sharing::Factors:
      return byFactors(op, call, epsilon);
    case Sharing::Values:
      return byValues(op, call, epsilon);
    case Sharing::Addends:
      return byAddends(op, call, epsilon);
    case Sharing::InsideLog:
      return insideLog(op, call);
    case Sharing::Parts:
      break;
  }
  return byParts(op, call, epsilon);
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
