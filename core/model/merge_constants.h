// SPDX-License-Identifier: GPL-3.0-or-later
// Makes one of several nodes that compute the same weight from the same codes.
#pragma once

#include "core/model/graph.h"

namespace lapidary::core {

/// Quantizers write a DequantizeLinear for every reader of a shared weight. Those of equal inputs and
/// settings become one, so that all readers see one value. One whose output is the graph's stays.
void mergeDequantized(Graph& graph);

}  // namespace lapidary::core
