// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/sizes/entropy_bytes.h"

#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace lapidary::core {
namespace {

/// Of all elements together, in bits (Shannon 1948).
double entropyBits(std::span<const std::size_t> counts) {
  double total = 0, bits = 0;
  for (const std::size_t count : counts) total += static_cast<double>(count);
  for (const std::size_t count : counts)
    if (count > 0) bits -= static_cast<double>(count) * std::log2(static_cast<double>(count) / total);
  return bits;
}

template <class Code>
double codeBits(std::span<const Code> codes) {
  std::vector<std::size_t> counts(std::size_t{1} << (8 * sizeof(Code)));
  for (const Code code : codes) ++counts[static_cast<std::make_unsigned_t<Code>>(code)];
  return entropyBits(counts);
}

double codeBits(const Tensor& codes) {
  switch (codes.dtype()) {
    case DType::Int8:
      return codeBits(codes.as<std::int8_t>());
    case DType::UInt8:
      return codeBits(codes.as<std::uint8_t>());
    case DType::Int16:
      return codeBits(codes.as<std::int16_t>());
    case DType::UInt16:
      return codeBits(codes.as<std::uint16_t>());
    default:
      return 8 * static_cast<double>(codes.bytes().size());
  }
}

/// A float's exponent straddles two bytes: turned left by one bit it stands in the highest.
double floatBits(std::span<const float> values) {
  std::array<std::array<std::size_t, 256>, sizeof(float)> planes{};
  std::size_t zeros = 0;
  for (const float value : values) {
    if (value == 0) {
      ++zeros;
      continue;
    }
    const std::uint32_t turned = std::rotl(std::bit_cast<std::uint32_t>(value), 1);
    for (std::size_t p = 0; p < planes.size(); ++p) ++planes[p][turned >> (8 * p) & 0xff];
  }
  const std::array<std::size_t, 2> mask{zeros, values.size() - zeros};
  double bits = entropyBits(mask);
  for (const auto& plane : planes) bits += entropyBits(plane);
  return bits;
}

double bytesOf(const Tensor& tensor) {
  return tensor.defined() ? static_cast<double>(tensor.bytes().size()) : 0;
}

}  // namespace

double entropyBytes(const CutWeight& weight) {
  if (!weight.encoding) return floatBits(weight.values.as<float>()) / 8;
  const WeightEncoding& encoding = *weight.encoding;
  if (encoding.inFile) return codeBits(encoding.codes) / 8 + static_cast<double>(encoding.inFile->gridBytes);
  return codeBits(encoding.codes) / 8 + bytesOf(encoding.scale) + bytesOf(encoding.zeroPoint) +
         bytesOf(encoding.offset) + bytesOf(encoding.codebook) + bytesOf(encoding.inputScale);
}

}  // namespace lapidary::core
