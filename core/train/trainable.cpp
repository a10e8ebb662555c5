// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainable.h"

#include <algorithm>
#include <set>
#include <string>

namespace lapidary::core {
namespace {

/// Inputs of a node that a training may change.
std::vector<ValueId> trainableInputs(const Node& node) {
  static const std::set<std::string> all{"Conv", "ConvTranspose", "Gemm", "MatMul", "PRelu"};
  static const std::set<std::string> norms{"BatchNormalization", "InstanceNormalization",
                                           "LayerNormalization", "GroupNormalization"};
  static const std::set<std::string> sums{"Add", "Sub", "Mul", "Div"};
  if (all.contains(node.opType) || sums.contains(node.opType)) return node.inputs;
  if (norms.contains(node.opType) && node.inputs.size() >= 2)
    return {node.inputs.begin() + 1,
            node.inputs.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, node.inputs.size()))};
  if (node.opType == "Gather" && !node.inputs.empty()) return {node.inputs.front()};
  return {};
}

}  // namespace

std::vector<ValueId> trainableValues(const Model& model) {
  std::vector<ValueId> values;
  std::set<ValueId> seen;
  for (const Node& node : model.graph->nodes)
    for (const ValueId id : trainableInputs(node)) {
      const auto weight = id.valid() ? model.weights.find(id) : model.weights.end();
      if (weight == model.weights.end() || weight->second.dtype() != DType::Float32) continue;
      if (weight->second.size() > 1 && seen.insert(id).second) values.push_back(id);
    }
  return values;
}

}  // namespace lapidary::core
