// SPDX-License-Identifier: GPL-3.0-or-later
// Checks and conversions that operators share: what an operator does before its own sum.
#pragma once

#include <cstdint>
#include <string>

#include "core/ops/axes.h"
#include "core/ops/op.h"

namespace lapidary::core {

/// Throws Error(InvalidInput) or Error(Unsupported) with the sentence.
[[noreturn]] void invalid(const std::string& sentence);
[[noreturn]] void unsupported(const std::string& sentence);

/// Elements of a shape that is about to be allocated; throws Error where checkedShape does.
inline std::int64_t reasonableCount(const Shape& shape) { return elementCount(checkedShape(shape)); }

/// Throws Error naming the input unless its rank is at least `rank`.
void requireRank(const Tensor& tensor, std::size_t rank, const char* what);

/// Input i as Float32, converted from the other floating types. Throws Error for any other type.
Tensor floatInput(const OpCall& call, std::size_t i);
/// The same for a tensor.
Tensor floatOf(const Tensor& tensor, const char* what);

/// A Float32 tensor of zeros.
TensorBuilder zeros(Shape shape);

/// Bytes of Float32 tensors of these shapes.
double floatBytes(std::span<const Shape> shapes);
/// Cost of `perElement` operations for each element of the first output, or of the first input.
Cost costPerOutput(double perElement, std::span<const Shape> inputs, std::span<const Shape> outputs);
Cost costPerInput(double perElement, std::span<const Shape> inputs, std::span<const Shape> outputs);

}  // namespace lapidary::core
