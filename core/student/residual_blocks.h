// SPDX-License-Identifier: GPL-3.0-or-later
// Residual blocks of a model: branches whose result is added to what they started from, and the model without
// some.
#pragma once

#include <span>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

struct ResidualBlock {
  NodeId sum;     ///< the Add that ends it
  ValueId start;  ///< what the branch begins with, and what stays without it
};

/// Blocks that hold a layer, no other block, and whose sum has the shape of their start, in order. `example`:
/// all inputs for one sample, on which the shapes are found out. Throws as Executor does.
std::vector<ResidualBlock> residualBlocks(const Model& model, std::span<const Tensor> example);

/// Their starts in place of their sums; nodes and weights that nothing needs any more are gone.
Model withoutBlocks(const Model& model, std::span<const ResidualBlock> blocks);

}  // namespace lapidary::core
