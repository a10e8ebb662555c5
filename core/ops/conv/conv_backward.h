// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients of a convolution and of a transposed one.
#pragma once

#include "core/ops/kernels/conv_shape.h"

namespace lapidary::core {

/// With respect to data, weight and bias, as the call wants them.
std::vector<Tensor> convGradients(const BackwardCall& call, const ConvShape& shape);

}  // namespace lapidary::core
