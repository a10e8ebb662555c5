// SPDX-License-Identifier: GPL-3.0-or-later
// Small signed numbers laid out as a weight, coded bit by bit in the context of their neighbours.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/model/tensor.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The layout of neighbours in a weight of some shape: rows along the first axis, and in a row the taps of
/// one kernel after another.
struct SymbolLayout {
  std::size_t rows = 1;     ///< along the first axis
  std::size_t columns = 1;  ///< of a row: all other axes
  std::size_t kernel = 1;   ///< of the axes from the third on
  std::size_t width = 0;    ///< of a kernel's row, the last axis where there are four or more; else 0

  static SymbolLayout of(const Shape& shape);
  static SymbolLayout line(std::size_t count) { return {1, count == 0 ? 1 : count, 1, 0}; }
};

/// Magnitudes stay below this.
constexpr std::int32_t symbolLimit = 1 << 17;

/// The position of the highest bit of any magnitude, 0 to 16: what the decoder has to be told.
unsigned symbolLevels(std::span<const std::int32_t> symbols);

/// Magnitudes must be below symbolLimit, and `levels` what symbolLevels says or more.
std::vector<std::byte> encodeSymbols(std::span<const std::int32_t> symbols, unsigned levels,
                                     const SymbolLayout& layout, const Progress& progress);

/// Calls `take` with `count` symbols in turn. Throws Error(InvalidInput) where the stream is longer or
/// shorter than they are.
void decodeSymbols(std::span<const std::byte> bytes, std::size_t count, unsigned levels,
                   const SymbolLayout& layout, const Progress& progress,
                   const std::function<void(std::span<const std::int32_t>)>& take);

}  // namespace lapidary::core
