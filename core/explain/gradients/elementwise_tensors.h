// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic on whole Float32 tensors of one shape.
#pragma once

#include "core/model/tensor.h"

namespace lapidary::core {

Tensor sum(const Tensor& a, const Tensor& b);
/// a b scale
Tensor timesScaled(const Tensor& a, const Tensor& b, float scale);
Tensor scaled(const Tensor& a, float scale);
/// a / (b + e sign(b)), e = epsilon times the root mean square of b; sign(0) is 1, 0 / 0 is 0.
Tensor dividedStably(const Tensor& a, const Tensor& b, double epsilon);
/// a / b where `deciding` has that sign (0 counts as positive) and b is not 0, else 0.
Tensor dividedWhere(const Tensor& a, const Tensor& b, const Tensor& deciding, float sign);
/// The part of that sign, else 0.
Tensor part(const Tensor& a, float sign);
/// a plus gamma times its part of that sign.
Tensor favoured(const Tensor& a, float sign, float gamma);
/// Broadcast to `shape`.
Tensor repeatedTo(const Tensor& a, const Shape& shape);
/// Summed over what broadcasting repeats, to `shape`, which broadcasts to that of `a`.
Tensor summedTo(const Tensor& a, const Shape& shape);

}  // namespace lapidary::core
