// SPDX-License-Identifier: GPL-3.0-or-later
// Casts to whole numbers, where what does not fit keeps its low bits.
#pragma once

#include "core/model/tensor.h"

namespace lapidary::core {

/// The elements as whole numbers of that type, or as truth values. Whole numbers that do not fit keep their
/// low bits, as the standard says. Floats lose what is behind the point (to less than 8 bits they are
/// rounded, halves away from zero); the standard leaves open what becomes of those that do not fit, and this
/// is what ONNX Runtime makes of them: the low bits of the number as one of 32 bits, or of as many as the
/// type has where these are more, and of the least of those where it does not fit there either.
Tensor castToWhole(const Tensor& tensor, DType type);

}  // namespace lapidary::core
