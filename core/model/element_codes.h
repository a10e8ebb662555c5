// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers by which ONNX files name element types (TensorProto.DataType), also in attributes such as
// Cast's `to`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Nothing for types without a DType: text (8), complex (14, 15), two bits (25, 26), unknown numbers.
std::optional<DType> dtypeOfCode(std::int64_t code);
std::int64_t codeOf(DType type);
/// The number of a type given by its name in TensorProto ("FLOAT", "INT64"), as Cast had it before opset 6.
std::optional<std::int64_t> codeOfName(std::string_view protoName);
/// "float16", or for types without a DType "string", "complex64", "element type 99".
std::string nameOfCode(std::int64_t code);

}  // namespace lapidary::core
