// SPDX-License-Identifier: GPL-3.0-or-later
// One tensor of PyTorch: a strided view of a storage, made contiguous.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/files/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// What a class of storages, "FloatStorage", or an element type of torch, "float32", holds.
struct TorchType {
  std::size_t width = 0;       ///< bytes of an element; 0 for types that are not known
  std::optional<DType> dtype;  ///< nothing for complex and other types that nothing here computes with
  std::string_view name = {};  ///< of those: "complex64"
  bool quantized = false;      ///< codes, whose scales stand beside the storage
  /// An element is two numbers of four bits.
  bool pairs = false;
};

TorchType torchType(std::string_view name);

/// A view of a storage: element (i, j, ...) stands at offset + i * strides[0] + j * strides[1] + ... of it.
struct TorchView {
  std::int64_t offset = 0;
  Shape shape;
  std::vector<std::int64_t> strides;
};

/// The elements one behind the other. Shares the storage where the view is dense. Throws Error(InvalidInput)
/// where it leaves the storage or has more elements than that and a million.
Bytes viewedBytes(std::size_t width, const Bytes& storage, const TorchView& view);

/// How a second view of a storage goes together with a first.
enum class TorchOverlap {
  None,
  Same,        ///< the same elements at the same indices
  Rearranged,  ///< the same elements, and the first has them in the order of the storage
  Part         ///< some elements are in both, or in another order in both
};
TorchOverlap overlapOf(const TorchView& first, const TorchView& second);

}  // namespace lapidary::core
