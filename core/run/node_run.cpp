// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/node_run.h"

#include <new>

namespace lapidary::core {

Tensor widened(const Tensor& tensor) {
  const bool half =
      tensor.defined() && (tensor.dtype() == DType::Float16 || tensor.dtype() == DType::BFloat16);
  return half ? toFloat32(tensor) : tensor;
}

std::vector<Activation> runAt(const Graph& graph, NodeId node, const Op& op, const OpCall& call) {
  try {
    std::vector<Activation> outputs = op.forward(call);
    if (outputs.size() < call.node.outputs.size())
      throw Error(ErrorKind::Unsupported, "has " + std::to_string(call.node.outputs.size()) + " outputs, " +
                                              std::to_string(outputs.size()) + " can be computed");
    for (Activation& output : outputs)
      if (!output.layout && output.defined()) output = Activation(widened(output.tensor));
    return outputs;
  } catch (const Error& error) {
    throw error.within(describe(graph, node));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::Unsupported,
                describe(graph, node) + ": there is not enough memory for its results");
  } catch (const std::length_error& error) {
    throw Error(ErrorKind::InvalidInput,
                describe(graph, node) + ": its results are too large (" + error.what() + ")");
  }
}

std::int64_t opsetOf(const Model& model, const Node& node) { return model.opset(node.domain); }

Activation plainActivation(const Activation& activation) {
  return activation.layout ? Activation(toPlain(activation)) : activation;
}

}  // namespace lapidary::core
