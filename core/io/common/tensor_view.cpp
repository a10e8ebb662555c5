// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/common/tensor_view.h"

#include <algorithm>
#include <cstring>

namespace lapidary::core {
namespace {

bool isAligned(const Bytes& bytes, DType dtype) {
  const std::size_t width = std::max(1u, bitsOf(dtype) / 8);
  return reinterpret_cast<std::uintptr_t>(bytes.view.data()) % width == 0;
}

/// A C++ bool that is neither 0 nor 1 is undefined behaviour.
bool holdsOddBool(const Bytes& bytes, DType dtype) {
  return dtype == DType::Bool &&
         std::any_of(bytes.view.begin(), bytes.view.end(), [](std::byte b) { return b > std::byte{1}; });
}

}  // namespace

Tensor alignedTensor(DType dtype, Shape shape, Bytes bytes) {
  if (isAligned(bytes, dtype) && !holdsOddBool(bytes, dtype))
    return Tensor(dtype, std::move(shape), std::move(bytes));
  return copiedTensor(dtype, std::move(shape), bytes);
}

Tensor copiedTensor(DType dtype, Shape shape, const Bytes& bytes) {
  const Tensor checked(dtype, shape, bytes);  // throws before anything is allocated
  TensorBuilder builder(dtype, std::move(shape));
  const auto out = builder.bytes();
  if (!out.empty()) std::memcpy(out.data(), bytes.view.data(), out.size());
  if (dtype == DType::Bool)
    for (std::byte& b : out) b = b == std::byte{0} ? std::byte{0} : std::byte{1};
  return std::move(builder).build();
}

}  // namespace lapidary::core
