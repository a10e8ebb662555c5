// SPDX-License-Identifier: GPL-3.0-or-later
// Moves the weights of Constant nodes and of subgraphs to the initialisers of the outermost graph, where a
// model keeps what can be edited.
#pragma once

#include "core/model/graph.h"

namespace lapidary::core {

/// Floating initialisers of more than one element that stand in subgraphs (If, Loop, Scan), and what Constant
/// nodes hold of that kind or as codes of a quantized weight, there and in `graph`, become initialisers of
/// `graph`, captured where they stood inside: ONNX lets a subgraph read every value around it. They keep
/// their names, or get a number where another value has the same one. A constant that is an output of its
/// subgraph stays there, because an output must not be a captured value.
void liftWeights(Graph& graph);

}  // namespace lapidary::core
