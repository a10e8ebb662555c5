// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a computation in one of a few C++ types, whatever the element type of the tensor.
#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include "core/model/small_float.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// The type in which elements are computed: float for the half types and those of 8 bits and less, int32 for
/// narrow integers and bool, int64 for uint32, otherwise the type itself. Converting a result back wraps as
/// the narrow type would.
constexpr DType computeType(DType type) {
  if (isSmallFloat(type)) return DType::Float32;
  switch (type) {
    case DType::Float32:
    case DType::Float16:
    case DType::BFloat16:
      return DType::Float32;
    case DType::Float64:
      return DType::Float64;
    case DType::UInt32:
    case DType::Int64:
      return DType::Int64;
    case DType::UInt64:
      return DType::UInt64;
    default:
      return DType::Int32;
  }
}

/// Calls `body` with a zero of the compute type of `type`.
template <class Body>
decltype(auto) visitCompute(DType type, Body&& body) {
  switch (computeType(type)) {
    case DType::Float32:
      return body(float{});
    case DType::Float64:
      return body(double{});
    case DType::Int64:
      return body(std::int64_t{});
    case DType::UInt64:
      return body(std::uint64_t{});
    default:
      return body(std::int32_t{});
  }
}

/// Likewise for float and double alone; throws Error for integers.
template <class Body>
decltype(auto) visitFloating(DType type, Body&& body) {
  if (!isFloating(type))
    throw Error(ErrorKind::Unsupported, "input is " + std::string(name(type)) + ", a floating type expected");
  if (type == DType::Float64) return body(double{});
  return body(float{});
}

/// Calls `body` with a zero of an unsigned type as wide as the element, for moving elements about.
template <class Body>
decltype(auto) visitWidth(DType type, Body&& body) {
  switch (bitsOf(type)) {
    case 64:
      return body(std::uint64_t{});
    case 32:
      return body(std::uint32_t{});
    case 16:
      return body(std::uint16_t{});
    default:
      return body(std::uint8_t{});
  }
}

/// The elements of a tensor, seen as the words that `visitWidth` gave.
template <class Word>
const Word* wordsOf(const Tensor& tensor) {
  return reinterpret_cast<const Word*>(tensor.bytes().data());
}
template <class Word>
Word* wordsOf(TensorBuilder& builder) {
  return reinterpret_cast<Word*>(builder.bytes().data());
}

/// Runs `move` on a tensor whose elements are whole bytes: 4-bit ones are unpacked before and packed after.
template <class Move>
Tensor moveElements(const Tensor& tensor, Move&& move) {
  if (bitsOf(tensor.dtype()) >= 8) return move(tensor);
  const DType wide = isSmallFloat(tensor.dtype()) ? DType::Float32 : DType::Int8;
  return convert(move(convert(tensor, wide)), tensor.dtype());
}

/// `f(a, b)` in unsigned arithmetic for integers, where overflow wraps instead of being undefined.
template <class T, class F>
constexpr T wrapping(T a, T b, F f) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;
    return static_cast<T>(f(static_cast<U>(a), static_cast<U>(b)));
  } else {
    return f(a, b);
  }
}

}  // namespace lapidary::core
