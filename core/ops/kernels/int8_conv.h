// SPDX-License-Identifier: GPL-3.0-or-later
// A convolution of 8-bit codes in integers: exact sums, then scales, bias, residual, activation, codes.
#pragma once

#include <optional>

#include "core/ops/kernels/conv_shape.h"
#include "core/ops/op.h"

namespace lapidary::core {

/// Nothing where the input or the weight has no codes, or no fast and exact integer kernel fits; the
/// caller computes in float then.
std::optional<Activation> runInt8Conv(const OpCall& call, const ConvShape& shape);

}  // namespace lapidary::core
