// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/tensor_moves.h"

#include <cstring>
#include <functional>

namespace lapidary::core {
namespace {

/// The distance of neighbours along every axis, in elements.
std::vector<std::int64_t> stridesOf(const Shape& shape) {
  std::vector<std::int64_t> stride(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) stride[i - 1] = stride[i] * shape[i];
  return stride;
}

/// The type of whole bytes that holds all values of a packed one.
DType wideType(DType packed) {
  if (packed == DType::UInt4 || packed == DType::UInt2) return DType::UInt8;
  return packed == DType::Int4 || packed == DType::Int2 ? DType::Int8 : DType::Float32;
}

/// Elements are moved as bytes; those of packed types are unpacked for the time.
Tensor inWholeBytes(const Tensor& tensor, const std::function<Tensor(const Tensor&)>& move) {
  if (bitsOf(tensor.dtype()) >= 8) return move(tensor);
  return convert(move(convert(tensor, wideType(tensor.dtype()))), tensor.dtype());
}

/// The elements that lie `step` apart along every axis of `shape`, from `first` on.
Tensor picked(const Tensor& tensor, const Shape& shape, std::int64_t first,
              const std::vector<std::int64_t>& step) {
  const std::size_t width = bitsOf(tensor.dtype()) / 8;
  TensorBuilder builder(tensor.dtype(), shape);
  std::vector<std::int64_t> index(shape.size(), 0);
  std::int64_t source = first;
  for (std::size_t i = 0; i < static_cast<std::size_t>(builder.size()); ++i) {
    std::memcpy(builder.bytes().data() + i * width,
                tensor.bytes().data() + static_cast<std::size_t>(source) * width, width);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      source += step[axis];
      if (++index[axis] < shape[axis]) break;
      source -= step[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return std::move(builder).build();
}

}  // namespace

Tensor transposed(const Tensor& tensor, const std::vector<std::int64_t>& axes) {
  return inWholeBytes(tensor, [&](const Tensor& whole) {
    const auto stride = stridesOf(whole.shape());
    Shape shape;
    std::vector<std::int64_t> step;
    for (const std::int64_t axis : axes) {
      shape.push_back(whole.shape()[static_cast<std::size_t>(axis)]);
      step.push_back(stride[static_cast<std::size_t>(axis)]);
    }
    return picked(whole, shape, 0, step);
  });
}

Tensor cutOut(const Tensor& tensor, const TensorCut& cut) {
  return inWholeBytes(tensor, [&](const Tensor& whole) {
    const auto stride = stridesOf(whole.shape());
    std::vector<std::int64_t> step(stride);
    std::int64_t first = 0;
    for (std::size_t axis = 0; axis < stride.size(); ++axis) {
      first += cut.start[axis] * stride[axis];
      step[axis] *= cut.step[axis];
    }
    return picked(whole, cut.shape, first, step);
  });
}

namespace {

/// Parts of whole bytes.
Tensor joinedBytes(std::span<const Tensor> parts, std::size_t axis) {
  Shape shape = parts.front().shape();
  shape[axis] = 0;
  for (const Tensor& part : parts) shape[axis] += part.shape()[axis];
  std::size_t outer = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= static_cast<std::size_t>(shape[i]);
  TensorBuilder builder(parts.front().dtype(), shape);
  std::byte* to = builder.bytes().data();
  for (std::size_t o = 0; o < outer; ++o)
    for (const Tensor& part : parts) {
      const std::size_t block = part.bytes().size() / outer;
      if (block > 0) std::memcpy(to, part.bytes().data() + o * block, block);
      to += block;
    }
  return std::move(builder).build();
}

}  // namespace

Tensor joined(std::span<const Tensor> parts, std::size_t axis) {
  const DType type = parts.front().dtype();
  if (bitsOf(type) >= 8) return joinedBytes(parts, axis);
  std::vector<Tensor> wide;
  for (const Tensor& part : parts) wide.push_back(convert(part, wideType(type)));
  return convert(joinedBytes(wide, axis), type);
}

}  // namespace lapidary::core
