// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/attention/attention.h"

#include "core/ops/checks.h"
#include "core/ops/families.h"

namespace lapidary::core {
namespace {

/// Keys of [batch, heads, keys, size] or [batch, keys, row].
double keysOf(const Shape& shape) {
  return shape.size() < 3 ? 0 : static_cast<double>(shape[shape.size() - 2]);
}

}  // namespace

Cost attentionCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  double keys = inputs.size() > 1 ? keysOf(inputs[1]) : 0;
  if (keys == 0 && !inputs.empty()) keys = keysOf(inputs[0]);  // queries, keys and values in one
  if (outputs.size() > 1) keys = std::max(keys, keysOf(outputs[1]));
  return costPerOutput(4 * keys, inputs, outputs);
}

std::span<const Op> attentionOps() {
  static const std::vector<Op> all =
      joinOps({standardAttentionOps(), fusedAttentionOps(), groupedAttentionOps(), rotaryOps()});
  return all;
}

}  // namespace lapidary::core
