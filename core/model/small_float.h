// SPDX-License-Identifier: GPL-3.0-or-later
// Floats of 8 and 4 bits: the values that their codes stand for, and the code nearest to a value.
#pragma once

#include <array>
#include <cstdint>

#include "core/model/tensor.h"

namespace lapidary::core {

constexpr bool isSmallFloat(DType type) { return type >= DType::Float8E4M3 && type <= DType::Float4E2M1; }

/// By code; of Float4E2M1 the first 16 count.
const std::array<float, 256>& smallFloatValues(DType type);

/// The nearest code, of two the even one. What is too large becomes the largest number, infinities too where
/// the type has none; what is not a number, 0 where the type has no such code.
std::uint8_t smallFloatCode(DType type, float value);

}  // namespace lapidary::core
