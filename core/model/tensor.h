// SPDX-License-Identifier: GPL-3.0-or-later
// A tensor: element type, shape and shared immutable bytes, owned or a view of a mapped file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/support/bytes.h"
#include "core/support/error.h"
#include "core/support/ids.h"

namespace lapidary::core {

enum class DType : std::uint8_t {
  Float32,
  Float64,
  Float16,
  BFloat16,
  Int8,
  UInt8,
  Int16,
  UInt16,
  Int32,
  UInt32,
  Int64,
  UInt64,
  Bool,  ///< one byte each, 0 or 1
  Int4,
  UInt4,           ///< two to a byte, first element in the low nibble (ONNX packing)
  Float8E4M3,      ///< without infinities, largest 448; "e4m3fn" where several are told apart
  Float8E4M3Fnuz,  ///< without infinities and negative zero, largest 240
  Float8E5M2,      ///< a short float16
  Float8E5M2Fnuz,  ///< without infinities and negative zero
  Float8E8M0,      ///< powers of two alone: scales of blocks
  Float4E2M1,      ///< packed as UInt4, largest 6
  Int2,
  UInt2,  ///< four to a byte, first element in the lowest bits
};

using Shape = std::vector<std::int64_t>;

/// "float32", "int4", ...
std::string_view name(DType type);
/// Bits of one element: 4 for the packed types.
unsigned bitsOf(DType type);
bool isFloating(DType type);
/// Elements of a shape (1 for a scalar). Throws Error if a dimension is negative or the product
/// does not fit 63 bits.
std::int64_t elementCount(const Shape& shape);
/// Bytes that `count` elements take, packed types rounded up to whole bytes.
std::size_t byteCount(DType type, std::int64_t count);
/// "20x1x5x5"; "scalar" for rank 0.
std::string toText(const Shape& shape);

/// C++ type to DType (float, double, the fixed-width integers, bool).
template <class T>
constexpr DType dtypeOf() {
  if constexpr (std::is_same_v<T, float>)
    return DType::Float32;
  else if constexpr (std::is_same_v<T, double>)
    return DType::Float64;
  else if constexpr (std::is_same_v<T, std::int8_t>)
    return DType::Int8;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return DType::UInt8;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return DType::Int16;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return DType::UInt16;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return DType::Int32;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return DType::UInt32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return DType::Int64;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return DType::UInt64;
  else {
    static_assert(std::is_same_v<T, bool>, "no DType for this C++ type");
    return DType::Bool;
  }
}

/// Cheap to copy: copies share bytes and id.
class Tensor {
 public:
  /// No tensor at all (an absent optional input). `defined()` is false; dtype Float32, shape {0}.
  Tensor() = default;
  /// Takes shared bytes. Throws Error if their number is not byteCount(dtype, elements of shape).
  Tensor(DType dtype, Shape shape, Bytes bytes);

  template <class T>
  static Tensor from(Shape shape, std::span<const T> values);
  template <class T>
  static Tensor from(Shape shape, std::initializer_list<T> values) {
    return from<T>(std::move(shape), std::span<const T>(values.begin(), values.size()));
  }
  template <class T>
  static Tensor scalar(T value) {
    return from<T>({}, {value});
  }

  bool defined() const { return m_id != 0; }
  DType dtype() const { return m_dtype; }
  const Shape& shape() const { return m_shape; }
  std::size_t rank() const { return m_shape.size(); }
  std::int64_t size() const { return m_size; }
  std::span<const std::byte> bytes() const { return m_bytes.view; }
  const std::shared_ptr<const void>& owner() const { return m_bytes.owner; }
  TensorId id() const { return m_id; }

  /// The elements as T. Throws Error if T is not the dtype. Bool reads as bool or uint8_t.
  /// Readers see to it that the memory is aligned for T, copying from a mapped file where it is not.
  template <class T>
  std::span<const T> as() const {
    requireType(dtypeOf<T>());
    return {reinterpret_cast<const T*>(m_bytes.view.data()), static_cast<std::size_t>(m_size)};
  }

  /// Same bytes and owner under another shape of as many elements; the id is new.
  Tensor reshaped(Shape shape) const;

 private:
  void requireType(DType wanted) const;

  DType m_dtype = DType::Float32;
  Shape m_shape{0};
  std::int64_t m_size = 0;
  Bytes m_bytes;
  TensorId m_id = 0;
};

/// A tensor under construction: 64-byte aligned memory, not yet shared. Not zeroed.
class TensorBuilder {
 public:
  TensorBuilder(DType dtype, Shape shape);

  const Shape& shape() const { return m_shape; }
  std::int64_t size() const { return m_size; }
  std::span<std::byte> bytes() { return {m_memory.get(), m_byteCount}; }
  template <class T>
  std::span<T> as() {
    return {reinterpret_cast<T*>(m_memory.get()), static_cast<std::size_t>(m_size)};
  }
  /// Hands the memory over; the builder is empty afterwards.
  Tensor build() &&;

 private:
  DType m_dtype;
  Shape m_shape;
  std::int64_t m_size;
  std::size_t m_byteCount;
  std::shared_ptr<std::byte[]> m_memory;
};

template <class T>
Tensor Tensor::from(Shape shape, std::span<const T> values) {
  TensorBuilder builder(dtypeOf<T>(), std::move(shape));
  if (static_cast<std::size_t>(builder.size()) != values.size())
    throw Error(ErrorKind::InvalidInput,
                std::to_string(values.size()) + " values do not fill shape " + toText(builder.shape()));
  std::copy(values.begin(), values.end(), builder.as<T>().begin());
  return std::move(builder).build();
}

/// "float32 1x28x28", for messages.
std::string describe(const Tensor& tensor);
/// Every element converted to float (any dtype, packed ones unpacked); shares when already Float32.
Tensor toFloat32(const Tensor& tensor);
/// Elements converted to `dtype` with a C++ cast; floats to Float16/BFloat16 round to nearest even,
/// integers saturate to the range of types of 4 and 2 bits, for floats of 8 and 4 bits see small_float.h.
Tensor convert(const Tensor& tensor, DType dtype);
/// Integer elements as int64 (for shapes, axes, indices). Throws Error for floating types.
std::vector<std::int64_t> toInt64(const Tensor& tensor);

float halfToFloat(std::uint16_t half);
std::uint16_t floatToHalf(float value);

}  // namespace lapidary::core
