// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/op.h"

#include <string>

namespace lapidary::core {

Tensor OpCall::input(std::size_t i) const {
  if (!has(i)) throw Error(ErrorKind::InvalidInput, "input " + std::to_string(i) + " is missing");
  return toPlain(inputs[i]);
}

namespace {

double bytesOf(std::span<const Shape> shapes) {
  double bytes = 0;
  for (const Shape& shape : shapes) bytes += 4.0 * static_cast<double>(elementCount(shape));
  return bytes;
}

}  // namespace

Cost costOf(const Op& op, const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  if (op.cost != nullptr) return op.cost(node, inputs, outputs);
  Cost cost;
  for (const Shape& shape : outputs) cost.flops += static_cast<double>(elementCount(shape));
  cost.bytes = bytesOf(inputs) + bytesOf(outputs);
  return cost;
}

}  // namespace lapidary::core
