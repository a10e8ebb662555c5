// SPDX-License-Identifier: GPL-3.0-or-later
// The weight and bias of a convolution with the batch norm behind it multiplied in.
#pragma once

#include "core/ops/kernels/conv_shape.h"
#include "core/ops/op.h"

namespace lapidary::core {

struct FoldedWeights {
  Tensor weight;  ///< Float32, in the model's own order
  Tensor bias;    ///< Float32 [out channels]; undefined where there is none
};

/// Throws Error naming a bias, scale or shift that does not fit the output channels.
FoldedWeights foldedWeights(const OpCall& call, const ConvShape& shape);

/// Names what foldedWeights gives, in the form that `use` stands for.
Key foldedWeightsKey(const OpCall& call, const Key& use);

}  // namespace lapidary::core
