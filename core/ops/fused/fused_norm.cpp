// SPDX-License-Identifier: GPL-3.0-or-later
// SkipLayerNormalization and SkipSimplifiedLayerNormalization: a residual sum, normalised.
#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/fused/fused.h"

namespace lapidary::core {
namespace {

/// Indices of the inputs: input, skip and gamma come first in either; only one has a beta.
struct Layout {
  const char* type;
  std::size_t beta, bias;  ///< past the inputs where there is none
};
constexpr Layout full{"LayerNormalization", 3, 4};
constexpr Layout simplified{"RMSNormalization", 9, 3};

Part normOf(const Node& node, const Layout& layout) {
  return Part(layout.type, {{"epsilon", node.floatOr("epsilon", 1e-12f)}});
}

template <class Call>
Tensor residualSum(const Call& call, const Layout& layout) {
  const Tensor bias = inputOr(call, layout.bias);
  const Tensor sum = Part("Add")({inputOr(call, 0), inputOr(call, 1)});
  return bias.defined() ? Part("Add")({sum, bias}) : sum;
}

template <class Call>
std::vector<Tensor> normInputs(const Call& call, const Layout& layout, const Tensor& sum) {
  std::vector<Tensor> inputs{sum, inputOr(call, 2)};
  if (const Tensor beta = inputOr(call, layout.beta); beta.defined()) inputs.push_back(beta);
  return inputs;
}

/// Outputs 1 and 2 are statistics that inference does not need; output 3 is the sum.
template <const Layout& layout>
std::vector<Activation> skipNorm(const OpCall& call) {
  for (std::size_t i = 0; i < 3; ++i) call.input(i);  // throws the error that names a missing one
  if (!omitted(call, 1) || !omitted(call, 2)) unsupported("the statistics of a normalised sum");
  const Tensor sum = residualSum(call, layout);
  std::vector<Activation> outputs = oneOutput(normOf(call.node, layout)(normInputs(call, layout, sum)));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 3)) outputs[3] = sum;
  return outputs;
}

template <const Layout& layout>
std::vector<Tensor> skipNormBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  const Tensor sum = residualSum(call, layout);
  Tensor toSum = call.outputGradients.size() > 3 ? call.outputGradients[3] : Tensor();
  const auto put = [&](std::size_t i, const Tensor& gradient) {
    if (i < gradients.size() && call.wanted[i] && gradient.defined())
      gradients[i] = sumTo(gradient, call.inputs[i].shape());
  };
  if (call.outputGradients[0].defined()) {
    const auto inner = normOf(call.node, layout)
                           .backward(normInputs(call, layout, sum), call.outputs[0], call.outputGradients[0]);
    toSum = toSum.defined() ? Part("Add")({toSum, inner[0]}) : inner[0];
    put(2, inner[1]);
    if (inner.size() > 2) put(layout.beta, inner[2]);
  }
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}, layout.bias}) put(i, toSum);
  return gradients;
}

constexpr Op fusedNormRows[] = {
    {microsoft, "SkipLayerNormalization", skipNorm<full>, skipNormBackward<full>},
    {microsoft, "SkipSimplifiedLayerNormalization", skipNorm<simplified>, skipNormBackward<simplified>},
};

}  // namespace

std::span<const Op> fusedNormOps() { return fusedNormRows; }

}  // namespace lapidary::core
