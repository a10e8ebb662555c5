// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/fused/fused.h"

#include "core/ops/checks.h"
#include "core/ops/families.h"

namespace lapidary::core {

Part::Part(std::string_view type, NodeAttributes attributes, std::int64_t opset)
    : m_opset(opset), m_op(findOp("", type)) {
  if (!m_op) unsupported("'" + std::string(type) + "' as a part of a fused operator");
  m_node.opType = type;
  m_node.attributes = std::move(attributes);
  m_node.outputs = {ValueId{0}};
}

Tensor Part::operator()(const std::vector<Tensor>& inputs) const {
  std::vector<Activation> given;
  for (const Tensor& tensor : inputs) given.push_back(tensor.defined() ? Activation(tensor) : Activation());
  return toPlain(m_op->forward(OpCall{m_node, m_opset, given}).at(0));
}

std::vector<Tensor> Part::backward(const std::vector<Tensor>& inputs, const Tensor& output,
                                   const Tensor& gradient) const {
  std::vector<bool> wanted;
  for (const Tensor& tensor : inputs) wanted.push_back(tensor.defined() && isFloating(tensor.dtype()));
  return m_op->backward(BackwardCall{m_node, m_opset, inputs, {&output, 1}, {&gradient, 1}, wanted});
}

std::span<const Op> fusedOps() {
  static const std::vector<Op> all =
      joinOps({fusedMathOps(), fusedGeluOps(), fusedNormOps(), fusedEmbedOps(), fusedQuantizedOps()});
  return all;
}

}  // namespace lapidary::core
