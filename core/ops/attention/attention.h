// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of attentionOps().
#pragma once

#include "core/ops/results.h"

namespace lapidary::core {

std::span<const Op> standardAttentionOps();  // attention_standard.cpp
std::span<const Op> fusedAttentionOps();     // attention_fused.cpp: those of ONNX Runtime, of all heads alike
std::span<const Op> groupedAttentionOps();   // attention_grouped.cpp
std::span<const Op> rotaryOps();             // rotary.cpp

/// Two products of all queries with all keys, of shapes whose last three axes are heads, length, size or
/// whose last two are length and all heads.
Cost attentionCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);

}  // namespace lapidary::core
