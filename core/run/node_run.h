// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one node: finds its operator, gives errors their place, widens half-precision results.
#pragma once

#include "core/model/model.h"
#include "core/ops/op.h"

namespace lapidary::core {

/// Everything is computed in Float32: Float16 and BFloat16 become Float32, other types stay as they are.
Tensor widened(const Tensor& tensor);

/// Runs the body of a node's computation. Every failure leaves as an Error that names the node.
std::vector<Activation> runAt(const Graph& graph, NodeId node, const Op& op, const OpCall& call);

/// The version of the operator set that the node's domain imports.
std::int64_t opsetOf(const Model& model, const Node& node);

/// The activation as operators that take no blocked layout need it.
Activation plainActivation(const Activation& activation);

}  // namespace lapidary::core
