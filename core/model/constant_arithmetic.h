// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic between constants, in float32.
#pragma once

#include <string_view>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Add, Sub, Mul, Div of two values, Neg, Sign, Abs of one.
bool isConstantArithmetic(std::string_view opType);

/// Whether `small` can be repeated to the shape of `large`.
bool broadcastsTo(const Shape& small, const Shape& large);

/// Float32 tensors, one of which broadcasts to the other.
Tensor constantArithmetic(std::string_view opType, const Tensor& left, const Tensor& right);
Tensor constantArithmetic(std::string_view opType, const Tensor& in);

/// QuantizeLinear in codes of `type` (8 bits); `scale` and `zeroPoint` are one value, or one for every index
/// of `axis`. Throws Error(InvalidInput) where they do not fit.
Tensor quantizedCodes(const Tensor& values, const Tensor& scale, const Tensor& zeroPoint, std::int64_t axis,
                      DType type);

}  // namespace lapidary::core
