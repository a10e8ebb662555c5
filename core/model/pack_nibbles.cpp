// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/pack_nibbles.h"

#include <algorithm>

#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

template <class Code>
using Codes32 [[gnu::vector_size(32)]] = Code;
using Pairs16 [[gnu::vector_size(32)]] = std::uint16_t;
using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;

template <class Code>
LAPIDARY_INLINE void packAll(const Code* from, std::uint8_t* to, std::size_t count, Code low, Code high) {
  using Vector = Codes32<Code>;
  constexpr std::size_t width = 32;
  std::size_t i = 0;
  for (; i + width <= count; i += width) {
    Vector codes;
    std::memcpy(&codes, from + i, sizeof(codes));
    codes = codes < low ? Vector{} + low : codes;
    codes = codes > high ? Vector{} + high : codes;
    Pairs16 pairs;
    std::memcpy(&pairs, &codes, sizeof(pairs));
    pairs = (pairs & 15) | (pairs >> 4 & 0xf0);
    const auto bytes = __builtin_convertvector(pairs, Bytes16);
    std::memcpy(to + i / 2, &bytes, sizeof(bytes));
  }
  const auto nibble = [&](std::size_t at) {
    return static_cast<unsigned>(std::clamp(from[at], low, high)) & 15u;
  };
  for (; i + 1 < count; i += 2) to[i / 2] = static_cast<std::uint8_t>(nibble(i) | nibble(i + 1) << 4);
  if (i < count) to[i / 2] = static_cast<std::uint8_t>(nibble(i));
}

// Clones of functions for several processors cannot be templates.
LAPIDARY_VECTORIZED void pack(const std::uint8_t* from, std::uint8_t* to, std::size_t count,
                              std::uint8_t high) {
  packAll<std::uint8_t>(from, to, count, 0, high);
}
LAPIDARY_VECTORIZED void pack(const std::int8_t* from, std::uint8_t* to, std::size_t count, std::int8_t low,
                              std::int8_t high) {
  packAll<std::int8_t>(from, to, count, low, high);
}

}  // namespace

void packNibbles(std::span<const std::uint8_t> codes, std::span<std::byte> to, bool isSigned) {
  pack(codes.data(), reinterpret_cast<std::uint8_t*>(to.data()), codes.size(), isSigned ? 7 : 15);
}

void packNibbles(std::span<const std::int8_t> codes, std::span<std::byte> to, bool isSigned) {
  pack(codes.data(), reinterpret_cast<std::uint8_t*>(to.data()), codes.size(), isSigned ? -8 : 0,
       isSigned ? 7 : 15);
}

}  // namespace lapidary::core
