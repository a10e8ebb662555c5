// SPDX-License-Identifier: GPL-3.0-or-later
// Integer codes to floats: the arithmetic of DequantizeLinear and of weights stored as integers.
#pragma once

#include "core/model/model.h"

namespace lapidary::core {

/// y = (code - zeroPoint) * scale in float32, in the shape of `codes`. `scale` is one value, one per
/// index of `axis`, or with blockSize > 0 one per block of that many along `axis` (ONNX operator
/// DequantizeLinear, opset 21). An undefined zero point is 0. Throws Error(InvalidInput) where shapes
/// do not fit.
Tensor dequantized(const Tensor& codes, const Tensor& scale, const Tensor& zeroPoint, std::int64_t axis,
                   std::int64_t blockSize = 0);

/// The floats that an encoding stands for: codebook, blocks, offset and scales of inputs included. Throws
/// Error(InvalidInput) where its parts do not fit each other.
Tensor dequantized(const WeightEncoding& encoding);

}  // namespace lapidary::core
