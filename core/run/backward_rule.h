// SPDX-License-Identifier: GPL-3.0-or-later
// A rule of one's own in place of the derivatives of operators, for what flows back through a graph.
#pragma once

#include <functional>

#include "core/ops/op.h"

namespace lapidary::core {

/// Gives what Op::backward would give: one Float32 tensor per input, undefined where not wanted. `op` has a
/// backward. Called for every step on the way, in the order of the backward pass.
using BackwardRule = std::function<std::vector<Tensor>(const Op& op, const BackwardCall& call)>;

}  // namespace lapidary::core
