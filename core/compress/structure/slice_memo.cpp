// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/slice_memo.h"

#include <cstring>

namespace lapidary::core {
namespace {

struct Blocks {
  std::size_t outer = 1, count = 1, inner = 1;  ///< inner in bytes
};

Blocks blocksOf(const Tensor& tensor, std::size_t axis) {
  Blocks blocks;
  blocks.inner = bitsOf(tensor.dtype()) / 8;
  for (std::size_t i = 0; i < tensor.rank(); ++i) {
    const auto size = static_cast<std::size_t>(tensor.shape()[i]);
    (i < axis ? blocks.outer : i == axis ? blocks.count : blocks.inner) *= size;
  }
  return blocks;
}

Key keyOf(const Tensor& tensor, std::size_t axis, std::span<const std::size_t> kept) {
  std::vector<std::uint64_t> words{tensor.id(), axis};
  words.insert(words.end(), kept.begin(), kept.end());
  return hashWords(words);
}

}  // namespace

Tensor sliceOf(const Tensor& tensor, std::size_t axis, std::span<const std::size_t> kept) {
  if (bitsOf(tensor.dtype()) < 8) {
    const bool isSigned = tensor.dtype() == DType::Int4 || tensor.dtype() == DType::Int2;
    const DType wide = isFloating(tensor.dtype()) ? DType::Float32 : isSigned ? DType::Int8 : DType::UInt8;
    return convert(sliceOf(convert(tensor, wide), axis, kept), tensor.dtype());
  }
  Shape shape = tensor.shape();
  shape.at(axis) = static_cast<std::int64_t>(kept.size());
  const Blocks blocks = blocksOf(tensor, axis);
  TensorBuilder builder(tensor.dtype(), shape);
  std::byte* out = builder.bytes().data();
  for (std::size_t o = 0; o < blocks.outer; ++o)
    for (const std::size_t position : kept) {
      std::memcpy(out, tensor.bytes().data() + (o * blocks.count + position) * blocks.inner, blocks.inner);
      out += blocks.inner;
    }
  return std::move(builder).build();
}

Tensor spreadOver(const Tensor& tensor, std::size_t axis, std::size_t size,
                  std::span<const std::size_t> kept) {
  Shape shape = tensor.shape();
  shape.at(axis) = static_cast<std::int64_t>(size);
  const Blocks blocks = blocksOf(tensor, axis);
  TensorBuilder builder(DType::Float32, shape);
  std::memset(builder.bytes().data(), 0, builder.bytes().size());
  const std::byte* from = tensor.bytes().data();
  for (std::size_t o = 0; o < blocks.outer; ++o)
    for (const std::size_t position : kept) {
      std::memcpy(builder.bytes().data() + (o * size + position) * blocks.inner, from, blocks.inner);
      from += blocks.inner;
    }
  return std::move(builder).build();
}

Tensor SliceMemo::slice(const Tensor& tensor, std::size_t axis, std::span<const std::size_t> kept) {
  const Key key = keyOf(tensor, axis, kept);
  {
    const std::lock_guard lock(m_mutex);
    if (const Tensor* known = m_slices.find(key)) return *known;
  }
  Tensor made = sliceOf(tensor, axis, kept);
  const std::lock_guard lock(m_mutex);
  return m_slices.putNew(key, made, made.bytes().size());
}

}  // namespace lapidary::core
