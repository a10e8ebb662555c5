// SPDX-License-Identifier: GPL-3.0-or-later
// The convolutions that run by Winograd's algorithm, and how they do.
#pragma once

#include "core/ops/kernels/conv_shape.h"
#include "core/ops/op.h"

namespace lapidary::core {

/// Whether the algorithm applies (3 x 3, stride 1, whole blocks of channels, an activation that the
/// kernel has) and is expected to be quicker than oneDNN's direct convolution on this processor.
bool suitsWinograd(const ConvShape& shape, const Fusion* fusion);

/// Only for shapes that suit. The result lies as nChw8c.
Activation runWinogradConv(const OpCall& call, const ConvShape& shape);

}  // namespace lapidary::core
