// SPDX-License-Identifier: GPL-3.0-or-later
// MatMulNBits of com.microsoft as what it stands for, so that its weight is a layer like any other.
#pragma once

#include "core/model/model.h"

namespace lapidary::core {

/// Every MatMulNBits whose weight is constant becomes DequantizeLinear in blocks, Transpose and MatMul, and
/// an Add where it has a bias; the codes are kept. The graph comes to the operator set that knows blocks, and
/// `source` says so. Nodes with an order of columns or with zero points that are no codes stay, and so do all
/// where the graph has no form at that set. Gives how many became that.
std::size_t expandNBits(Graph& graph, Provenance& source);

}  // namespace lapidary::core
