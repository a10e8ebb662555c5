// SPDX-License-Identifier: GPL-3.0-or-later
// BiasGelu, FastGelu and QuickGelu: smooth rectifiers of a sum.
#include <cmath>

#include "core/ops/arithmetic/elementwise.h"
#include "core/ops/broadcast.h"
#include "core/ops/fused/fused.h"

namespace lapidary::core {
namespace {

Part exactGelu() { return Part("Gelu"); }
Part tanhGelu() { return Part("Gelu", {{"approximate", std::string("tanh")}}); }

Tensor sumWith(const Tensor& x, const Tensor& bias) { return bias.defined() ? Part("Add")({x, bias}) : x; }

template <Part (*gelu)()>
std::vector<Activation> biasGelu(const OpCall& call) {
  return oneOutput(gelu()({sumWith(call.input(0), inputOr(call, 1))}));
}

template <Part (*gelu)()>
std::vector<Tensor> biasGeluBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  if (!call.outputGradients[0].defined()) return gradients;
  const Tensor sum = sumWith(call.inputs[0], inputOr(call, 1));
  const Tensor inner = gelu().backward({sum}, call.outputs[0], call.outputGradients[0])[0];
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (flowsTo(call, i)) gradients[i] = sumTo(inner, call.inputs[i].shape());
  return gradients;
}

/// x times the logistic function of alpha x.
struct QuickGelu {
  float alpha;
  explicit QuickGelu(const Node& node) : alpha(node.floatOr("alpha", 1.702f)) {}
  template <class T>
  T operator()(T x) const {
    return x / (T{1} + std::exp(-static_cast<T>(alpha) * x));
  }
  float derivative(float x, float) const {
    const float s = 1 / (1 + std::exp(-alpha * x));
    return s + alpha * x * s * (1 - s);
  }
};

constexpr Op fusedGeluRows[] = {
    {microsoft, "BiasGelu", biasGelu<exactGelu>, biasGeluBackward<exactGelu>},
    {microsoft, "FastGelu", biasGelu<tanhGelu>, biasGeluBackward<tanhGelu>},
    unaryOp<QuickGelu>("QuickGelu", microsoft),
};

}  // namespace

std::span<const Op> fusedGeluOps() { return fusedGeluRows; }

}  // namespace lapidary::core
