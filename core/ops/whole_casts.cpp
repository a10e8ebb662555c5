// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/whole_casts.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

/// As processors convert to signed words of that many bits: the least of them stands for what does not fit.
std::int64_t signedWord(double x, int bits) {
  const double beyond = std::ldexp(1.0, bits - 1);
  return static_cast<std::int64_t>(x >= -beyond && x < beyond ? x : -beyond);
}

/// As compilers build it of the signed conversion.
std::int64_t unsignedWord(double x, int bits) {
  const double half = std::ldexp(1.0, bits - 1);
  if (!(x >= half)) return signedWord(x, bits);
  const auto top = static_cast<std::uint64_t>(signedWord(-half, bits));
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(signedWord(x - half, bits)) ^ top);
}

Tensor wordsOfFloats(const Tensor& tensor, DType type) {
  const Tensor from = convert(tensor, DType::Float64);
  const bool natural = type == DType::UInt32 || type == DType::UInt64, rounded = bitsOf(type) < 8;
  const int bits = bitsOf(type) == 64 ? 64 : 32;
  TensorBuilder to(DType::Int64, from.shape());
  std::ranges::transform(from.as<double>(), to.as<std::int64_t>().begin(), [&](double x) {
    if (rounded) x = std::round(x);
    return natural ? unsignedWord(x, bits) : signedWord(x, bits);
  });
  return std::move(to).build();
}

/// The numbers that the lowest bits alone stand for.
Tensor lowBits(const Tensor& words, DType type) {
  const std::int64_t count = std::int64_t{1} << bitsOf(type);
  const std::int64_t sign = type == DType::Int4 || type == DType::Int2 ? count / 2 : 0;
  TensorBuilder to(DType::Int64, words.shape());
  std::ranges::transform(words.as<std::int64_t>(), to.as<std::int64_t>().begin(),
                         [&](std::int64_t x) { return ((x & (count - 1)) ^ sign) - sign; });
  return std::move(to).build();
}

}  // namespace

Tensor castToWhole(const Tensor& tensor, DType type) {
  if (tensor.dtype() == type || type == DType::Bool) return convert(tensor, type);
  const bool narrow = bitsOf(type) < 8;
  if (!isFloating(tensor.dtype()))
    return convert(narrow ? lowBits(convert(tensor, DType::Int64), type) : tensor, type);
  const Tensor words = wordsOfFloats(tensor, type);
  return convert(narrow ? lowBits(words, type) : words, type);
}

}  // namespace lapidary::core
