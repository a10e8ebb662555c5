// SPDX-License-Identifier: GPL-3.0-or-later
// Elementwise functions and same-shape arithmetic on values that lie in a layout of oneDNN.
#pragma once

#include <optional>

#include "core/ops/op.h"

namespace lapidary::core {

/// An elementwise function as oneDNN knows it.
struct BlockedFunction {
  enum class Kind { Relu, Logistic, Tanh, Clip, HardSwish, Gelu, Linear } kind;
  float alpha = 0;  ///< Relu: slope below zero; Clip: lower bound; Linear: alpha * x + beta
  float beta = 0;   ///< Clip: upper bound
};

/// The function of every element, in the layout of the input (blocked or plain Float32).
Activation blockedMap(const Activation& input, const BlockedFunction& function);

enum class BlockedArithmetic { Add, Sub, Mul, Div };

/// a op b where at least one is blocked and either both have one shape or one is a plain scalar; the
/// result lies as the blocked one does. Nothing where that does not hold: the caller goes on plainly.
std::optional<Activation> blockedArithmetic(BlockedArithmetic op, const Activation& a, const Activation& b);

/// Concatenation of Float32 values along `axis`, in the layout of the first blocked one.
std::optional<Activation> blockedConcat(std::span<const Activation> inputs, std::size_t axis);

}  // namespace lapidary::core
