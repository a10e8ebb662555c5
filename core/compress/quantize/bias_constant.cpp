// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/bias_constant.h"

#include <algorithm>

#include "core/model/constants.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

constexpr std::size_t meanInput = 3;

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorKind::Unsupported, "bias_correction: " + why + "; leave it off for this layer");
}

/// The BatchNormalization that alone reads the layer's output; null where there is none.
const Node* normBehind(const Graph& graph, const Node& node) {
  if (node.outputs.empty() || !node.outputs[0].valid()) return nullptr;
  if (std::ranges::find(graph.outputs, node.outputs[0]) != graph.outputs.end()) return nullptr;
  const auto readers = graph.consumers()[node.outputs[0].index];
  if (readers.size() != 1) return nullptr;
  const Node& reader = graph.node(readers[0]);
  const bool norm = isStandard(reader, "BatchNormalization") && reader.inputs.size() > meanInput &&
                    reader.inputs[0] == node.outputs[0];
  return norm ? &reader : nullptr;
}

double factorOf(const Node& node) {
  if (node.opType != "Gemm") return 1;
  const double alpha = static_cast<double>(node.floatOr("alpha", 1));
  const double beta = static_cast<double>(node.floatOr("beta", 1));
  if (beta == 0) refuse("the layer multiplies its bias by 0 (beta)");
  return alpha / beta;
}

}  // namespace

BiasConstant biasConstantOf(const Model& model, const Layer& layer) {
  const Graph& graph = *model.graph;
  if (!layer.node.valid()) refuse("the file holds weights without a graph");
  const Node& node = graph.node(layer.node);
  BiasConstant bias{layer.bias, 1};
  if (bias.value.valid())
    bias.factor = factorOf(node);
  else if (const Node* norm = normBehind(graph, node))
    bias = {norm->inputs[meanInput], -1};
  else
    refuse(
        "the layer has no bias and no batch normalization behind it that could make up for its mean error");
  const auto info = constantInfo(graph, bias.value);
  if (!info || !isFloating(info->dtype)) refuse("the bias is not a constant");
  if (elementCount(info->shape) != layer.shape[static_cast<std::size_t>(layer.channelAxis)])
    refuse("the bias of shape " + toText(info->shape) + " has not one value for every output");
  if (graph.consumers()[bias.value.index].size() != 1) refuse("other layers read the same bias");
  return bias;
}

Tensor shiftedBias(const Model& model, const BiasConstant& constant, const std::vector<double>& shift) {
  const Tensor bias = toFloat32(foldConstant(*model.graph, model.weights, constant.value));
  TensorBuilder builder(DType::Float32, bias.shape());
  for (std::size_t o = 0; o < shift.size(); ++o)
    builder.as<float>()[o] =
        static_cast<float>(static_cast<double>(bias.as<float>()[o]) + shift[o] * constant.factor);
  return std::move(builder).build();
}

}  // namespace lapidary::core
