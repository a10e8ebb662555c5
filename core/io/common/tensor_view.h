// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as views of a file's bytes, copied only where the memory would not serve as it is.
#pragma once

#include "core/files/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// A view of `bytes`, or a copy where they are not aligned for the element type or a Bool holds
/// something else than 0 and 1. Throws Error(InvalidInput) if their number does not fit the shape.
Tensor alignedTensor(DType dtype, Shape shape, Bytes bytes);

/// A copy. Throws likewise.
Tensor copiedTensor(DType dtype, Shape shape, const Bytes& bytes);

}  // namespace lapidary::core
