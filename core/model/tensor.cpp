// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/tensor.h"

#include <atomic>
#include <cstring>
#include <limits>

#include "core/model/small_float.h"
#include "core/support/buffer_pool.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

TensorId nextId() {
  static std::atomic<TensorId> last{0};
  return ++last;
}

struct DTypeRow {
  std::string_view name;
  unsigned bits;
};

/// In the order of DType.
constexpr DTypeRow dtypeRows[] = {
    {"float32", 32},
    {"float64", 64},
    {"float16", 16},
    {"bfloat16", 16},
    {"int8", 8},
    {"uint8", 8},
    {"int16", 16},
    {"uint16", 16},
    {"int32", 32},
    {"uint32", 32},
    {"int64", 64},
    {"uint64", 64},
    {"bool", 8},
    {"int4", 4},
    {"uint4", 4},
    {"float8_e4m3fn", 8},
    {"float8_e4m3fnuz", 8},
    {"float8_e5m2", 8},
    {"float8_e5m2fnuz", 8},
    {"float8_e8m0fnu", 8},
    {"float4_e2m1fn", 4},
    {"int2", 2},
    {"uint2", 2},
};

}  // namespace

std::string_view name(DType type) { return dtypeRows[static_cast<std::size_t>(type)].name; }
unsigned bitsOf(DType type) { return dtypeRows[static_cast<std::size_t>(type)].bits; }

bool isFloating(DType type) {
  return type == DType::Float32 || type == DType::Float64 || type == DType::Float16 ||
         type == DType::BFloat16 || isSmallFloat(type);
}

std::int64_t elementCount(const Shape& shape) {
  std::int64_t count = 1;
  bool empty = false;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0)
      throw Error(ErrorKind::InvalidInput, "shape " + toText(shape) + " has a negative dimension");
    if (dimension == 0) {
      empty = true;
    } else if (count > std::numeric_limits<std::int64_t>::max() / dimension) {
      throw Error(ErrorKind::InvalidInput,
                  "shape " + toText(shape) + " holds more elements than can be counted");
    } else {
      count *= dimension;
    }
  }
  return empty ? 0 : count;
}

std::size_t byteCount(DType type, std::int64_t count) {
  const auto elements = static_cast<std::size_t>(count);
  const std::size_t bits = bitsOf(type);
  if (bits < 8) return elements / (8 / bits) + (elements % (8 / bits) != 0 ? 1 : 0);
  if (elements > std::numeric_limits<std::size_t>::max() / (bits / 8))
    throw Error(ErrorKind::InvalidInput,
                "a tensor of " + std::to_string(elements) + " elements is too large");
  return elements * (bits / 8);
}

std::string describe(const Tensor& tensor) {
  return std::string(name(tensor.dtype())) + " " + toText(tensor.shape());
}

std::string toText(const Shape& shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (const std::int64_t dimension : shape) {
    if (!text.empty()) text += 'x';
    text += std::to_string(dimension);
  }
  return text;
}

Tensor::Tensor(DType dtype, Shape shape, Bytes bytes)
    : m_dtype(dtype),
      m_shape(std::move(shape)),
      m_size(elementCount(m_shape)),
      m_bytes(std::move(bytes)),
      m_id(nextId()) {
  const std::size_t expected = byteCount(m_dtype, m_size);
  if (m_bytes.view.size() != expected)
    throw Error(ErrorKind::InvalidInput, std::string(core::name(m_dtype)) + " tensor of shape " +
                                             toText(m_shape) + " has " + std::to_string(m_bytes.view.size()) +
                                             " bytes, " + std::to_string(expected) + " expected");
}

Tensor Tensor::reshaped(Shape shape) const {
  if (elementCount(shape) != m_size)
    throw Error(ErrorKind::InvalidInput, "cannot reshape " + toText(m_shape) + " to " + toText(shape));
  return Tensor(m_dtype, std::move(shape), m_bytes);
}

void Tensor::requireType(DType wanted) const {
  const bool byteLike = m_dtype == DType::Bool && wanted == DType::UInt8;
  if (wanted != m_dtype && !byteLike)
    throw Error(ErrorKind::InvalidInput, "tensor is " + std::string(core::name(m_dtype)) + ", " +
                                             std::string(core::name(wanted)) + " expected");
}

TensorBuilder::TensorBuilder(DType dtype, Shape shape)
    : m_dtype(dtype),
      m_shape(std::move(shape)),
      m_size(elementCount(m_shape)),
      m_byteCount(byteCount(dtype, m_size)),
      m_memory(allocateBuffer(m_byteCount)) {}

Tensor TensorBuilder::build() && {
  const std::span<const std::byte> view(m_memory.get(), m_byteCount);
  return Tensor(m_dtype, std::move(m_shape), Bytes{std::move(m_memory), view});
}

std::vector<std::int64_t> toInt64(const Tensor& tensor) {
  if (isFloating(tensor.dtype()))
    throw Error(ErrorKind::InvalidInput,
                "tensor is " + std::string(name(tensor.dtype())) + ", an integer type expected");
  const Tensor wide = convert(tensor, DType::Int64);  // keeps the values below alive
  const auto values = wide.as<std::int64_t>();
  return {values.begin(), values.end()};
}

}  // namespace lapidary::core
