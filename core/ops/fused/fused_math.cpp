// SPDX-License-Identifier: GPL-3.0-or-later
// FusedMatMul, FusedGemm and FusedConv: products with scaling, transposition or an activation.
#include <algorithm>
#include <numeric>

#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/fused/fused.h"
#include "core/ops/indexing/transpose.h"
#include "core/ops/matrix/matrix.h"

namespace lapidary::core {
namespace {

/// The axes of an operand of FusedMatMul in the order in which MatMul takes them.
std::vector<std::size_t> operandOrder(const Node& node, char operand, std::size_t rank) {
  std::vector<std::size_t> order(rank);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (rank < 2) return order;
  // transBatch brings the first axis behind the batch axes, before what trans exchanges.
  if (node.intOr(std::string("transBatch") + operand, 0) != 0)
    std::rotate(order.begin(), order.begin() + 1, order.end() - 1);
  if (node.intOr(std::string("trans") + operand, 0) != 0) std::swap(order[rank - 1], order[rank - 2]);
  return order;
}

Tensor scaled(const Tensor& tensor, float factor) {
  return factor == 1.0f ? tensor : Part("Mul")({tensor, convert(Tensor::scalar(factor), tensor.dtype())});
}

std::vector<Activation> fusedMatMul(const OpCall& call) {
  const Tensor a = call.input(0), b = call.input(1);
  const Tensor product = Part("MatMul")({transposed(a, operandOrder(call.node, 'A', a.rank())),
                                         transposed(b, operandOrder(call.node, 'B', b.rank()))});
  return oneOutput(scaled(product, call.node.floatOr("alpha", 1.0f)));
}

std::vector<Tensor> fusedMatMulBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  if (!call.outputGradients[0].defined()) return gradients;
  const auto orderA = operandOrder(call.node, 'A', call.inputs[0].rank());
  const auto orderB = operandOrder(call.node, 'B', call.inputs[1].rank());
  const Tensor flow = scaled(call.outputGradients[0], call.node.floatOr("alpha", 1.0f));
  const auto inner = Part("MatMul").backward(
      {transposed(call.inputs[0], orderA), transposed(call.inputs[1], orderB)}, call.outputs[0], flow);
  if (flowsTo(call, 0)) gradients[0] = transposed(inner[0], inversePermutation(orderA));
  if (flowsTo(call, 1)) gradients[1] = transposed(inner[1], inversePermutation(orderB));
  return gradients;
}

constexpr std::string_view activations[] = {"Relu",        "LeakyRelu", "Sigmoid", "Tanh", "Clip",
                                            "HardSigmoid", "HardSwish", "Elu",     "Selu", "Softplus"};

/// The activation under its attributes' names: Clip takes its bounds as before opset 11.
Part activationPart(const std::string& name, std::span<const float> parameters) {
  if (std::ranges::find(activations, name) == std::end(activations))
    failAttribute("activation", "is '" + name + "'");
  NodeAttributes attributes;
  const bool clip = name == "Clip";
  const char* keys[] = {clip ? "min" : "alpha", clip ? "max" : "beta"};
  for (std::size_t i = 0; i < parameters.size() && i < 2; ++i) attributes[keys[i]] = parameters[i];
  return Part(name, std::move(attributes), clip ? 6 : 21);
}

Tensor activatedBy(const Node& node, const Tensor& x) {
  const std::string name = node.textOr("activation", "");
  if (name.empty()) return x;
  std::vector<float> parameters;
  if (const auto* list = node.find<std::vector<float>>("activation_params")) parameters = *list;
  for (const char* key : {"activation_alpha", "activation_beta"})
    if (const auto* value = node.find<float>(key)) parameters.push_back(*value);
  return activationPart(name, parameters)({x});
}

std::vector<Activation> fusedGemm(const OpCall& call) {
  const Tensor product = Part("Gemm", call.node.attributes)({call.input(0), call.input(1), inputOr(call, 2)});
  return oneOutput(activatedBy(call.node, product));
}

/// Convolution, plus input 3 where there is one, then the activation.
std::vector<Activation> fusedConv(const OpCall& call) {
  Tensor y = Part("Conv", call.node.attributes)({call.input(0), call.input(1), inputOr(call, 2)});
  if (call.has(3)) y = Part("Add")({y, call.input(3)});
  return oneOutput(activatedBy(call.node, y));
}

Cost fusedConvCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return findOp("", "Conv")->cost(node, inputs, outputs);
}

constexpr Op fusedMathRows[] = {
    {microsoft, "FusedMatMul", fusedMatMul, fusedMatMulBackward, matMulCost},
    {microsoft, "FusedGemm", fusedGemm, nullptr, gemmCost},
    {microsoft, "FusedConv", fusedConv, nullptr, fusedConvCost},
};

}  // namespace

std::span<const Op> fusedMathOps() { return fusedMathRows; }

}  // namespace lapidary::core
