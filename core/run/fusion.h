// SPDX-License-Identifier: GPL-3.0-or-later
// The nodes that run as one step with the heavy node before them, and what that step's Fusion is.
#pragma once

#include <functional>

#include "core/model/model.h"
#include "core/ops/op.h"

namespace lapidary::core {

/// The nodes that are fused behind a heavy node, in this order; invalid ids where a part is absent.
struct FusedTail {
  NodeId norm;  ///< BatchNormalization with constant parameters
  NodeId bias;  ///< Add of a constant vector behind a MatMul
  ValueId biasValue;
  NodeId add;  ///< Add of another value
  ValueId residual;
  NodeId activation;
  FusedActivation kind = FusedActivation::None;
  float alpha = 0;
  ValueId low, high;  ///< Clip bounds given as constants
  NodeId quantize;    ///< QuantizeLinear with one constant scale

  /// In the order in which they run.
  std::vector<NodeId> nodes() const;
};

/// The questions that the matcher asks about a graph.
struct FusionContext {
  const Graph& graph;
  std::function<bool(ValueId)> constant;
  /// The only node that reads the value, where exactly one does and nobody else wants the value.
  std::function<NodeId(ValueId)> onlyReader;
  std::function<std::optional<Shape>(ValueId)> constantShape;
  std::function<bool(ValueId)> constantIsByte;  ///< a weight or initialiser of int8 or uint8
};

FusedTail matchTail(const FusionContext& context, NodeId head);

/// Everything of the step's Fusion that the weights decide: all but the residual.
Fusion fusionOf(const Graph& graph, const FusedTail& tail, const std::function<Tensor(ValueId)>& constant);

/// The shape of the heavy node's own result. Throws Error where the inputs do not fit.
Shape headShape(const Node& head, std::span<const Shape> inputs);

}  // namespace lapidary::core
