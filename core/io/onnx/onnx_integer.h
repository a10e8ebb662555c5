// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that operators of integers read as codes, so that they can be cut like any others.
#pragma once

#include "core/model/graph.h"

namespace lapidary::core {

/// Puts a DequantizeLinear and a QuantizeLinear of the same scale and zero point between the codes of a
/// weight and the operator that reads them (QLinearConv, MatMulInteger, ...): together they change nothing,
/// and between them stand the floats that a cut replaces. Where the operator knows no scale, that is 1/128.
void exposeIntegerWeights(Graph& graph);

/// Takes out such pairs again where codes stand before them as they would come out, and what only served
/// them.
void hideIntegerWeights(Graph& graph);

}  // namespace lapidary::core
