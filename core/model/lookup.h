// SPDX-License-Identifier: GPL-3.0-or-later
// Gather of a constant table: how integer codes of a codebook become values.
#pragma once

#include <optional>

#include "core/model/tensor.h"

namespace lapidary::core {

/// The shape of the lines of `table` along `axis` (negative from the end) in the order of `indices`. Nothing
/// where the axis does not fit, or for more than 2^28 elements, to which a small file must not unfold.
std::optional<Shape> lookupShape(const Shape& table, const Shape& indices, std::int64_t axis);

/// Those lines of a Float32 table (ONNX operator Gather: negative indices count from the end). Throws
/// Error(InvalidInput) for an index outside, or where lookupShape finds no shape.
Tensor lookedUp(const Tensor& table, const Tensor& indices, std::int64_t axis);

}  // namespace lapidary::core
