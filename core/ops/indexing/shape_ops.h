// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of shapeOps(), and the element types by their ONNX numbers.
#pragma once

#include "core/ops/axes.h"
#include "core/ops/results.h"

namespace lapidary::core {

std::span<const Op> castOps();      // shape_ops_cast.cpp
std::span<const Op> generateOps();  // shape_ops_generate.cpp

/// The dtype of an ONNX TensorProto.DataType number, as attributes `to` and `dtype` hold it. Throws
/// Error for types that no tensor here has (strings, complex numbers, 8-bit floats).
DType dtypeOfNumber(std::int64_t number, std::string_view attribute);

}  // namespace lapidary::core
