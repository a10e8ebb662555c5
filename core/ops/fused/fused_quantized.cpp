// SPDX-License-Identifier: GPL-3.0-or-later
// QLinearAdd, QLinearConcat and the like: codes to floats, a standard operator, and back to codes.
#include "core/ops/checks.h"
#include "core/ops/fused/fused.h"

namespace lapidary::core {
namespace {

/// The codes at input i as floats, their scale and zero point behind them.
Tensor floatsAt(const OpCall& call, std::size_t i) {
  return Part("DequantizeLinear")({call.input(i), call.input(i + 1), inputOr(call, i + 2)});
}

/// Floats as codes by the scale at input i and the zero point behind it.
std::vector<Activation> codesBy(const OpCall& call, std::size_t i, const Tensor& floats) {
  return oneOutput(Part("QuantizeLinear")({floats, call.input(i), inputOr(call, i + 1)}));
}

void refuseChannelsLast(const Node& node) {
  if (node.intOr("channels_last", 0) != 0) unsupported("a pool over images with their channels last");
}

constexpr char add[] = "Add", mul[] = "Mul", sigmoid[] = "Sigmoid", leakyRelu[] = "LeakyRelu",
               averagePool[] = "AveragePool", globalAveragePool[] = "GlobalAveragePool",
               softmax[] = "Softmax";

template <const char* type>
std::vector<Activation> ofOne(const OpCall& call) {
  refuseChannelsLast(call.node);
  // Softmax follows the opset that its own attribute names.
  const std::int64_t opset = call.node.intOr("opset", 21);
  return codesBy(call, 3, Part(type, call.node.attributes, opset)({floatsAt(call, 0)}));
}

template <const char* type>
std::vector<Activation> ofTwo(const OpCall& call) {
  return codesBy(call, 6, Part(type)({floatsAt(call, 0), floatsAt(call, 3)}));
}

/// The scale and zero point of the result come first, then the parts.
std::vector<Activation> concat(const OpCall& call) {
  std::vector<Tensor> parts;
  for (std::size_t i = 2; i + 1 < call.inputs.size(); i += 3) parts.push_back(floatsAt(call, i));
  return codesBy(call, 0, Part("Concat", call.node.attributes)(parts));
}

constexpr Op fusedQuantizedRows[] = {
    {microsoft, "QLinearAdd", ofTwo<add>},
    {microsoft, "QLinearMul", ofTwo<mul>},
    {microsoft, "QLinearSigmoid", ofOne<sigmoid>},
    {microsoft, "QLinearLeakyRelu", ofOne<leakyRelu>},
    {microsoft, "QLinearSoftmax", ofOne<softmax>},
    {microsoft, "QLinearAveragePool", ofOne<averagePool>},
    {microsoft, "QLinearGlobalAveragePool", ofOne<globalAveragePool>},
    {microsoft, "QLinearConcat", concat},
};

}  // namespace

std::span<const Op> fusedQuantizedOps() { return fusedQuantizedRows; }

}  // namespace lapidary::core
