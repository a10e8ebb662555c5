// SPDX-License-Identifier: GPL-3.0-or-later
// One tensor of PyTorch: a strided view of a storage, made contiguous.
#pragma once

#include <optional>
#include <string_view>

#include "core/files/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// "FloatStorage" of torch, or its name of an element type, "float32"; nothing for complex, quantized and
/// other types.
std::optional<DType> torchDType(std::string_view name);

/// Element (i, j, ...) stands at offset + i * strides[0] + j * strides[1] + ... of the storage. Shares the
/// storage where the view is dense and aligned. Throws Error(InvalidInput) where it leaves the storage or has
/// more elements than that and a million.
Tensor torchView(DType dtype, const Bytes& storage, std::int64_t offset, const Shape& shape,
                 const std::vector<std::int64_t>& strides);

}  // namespace lapidary::core
