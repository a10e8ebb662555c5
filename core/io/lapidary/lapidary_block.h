// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of one width as a block of a .lapidary file: a short description, and bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/io/lapidary/lapidary_symbols.h"
#include "core/model/tensor.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// How the bits of an element order; decides only how well they pack.
enum class ElementKind { Unsigned, Signed, Floating };

/// Elements one behind the other, least significant byte first; of 4 bits each in a byte of its own.
struct ElementView {
  unsigned bits = 8;  ///< 4, 8, 16, 32 or 64
  ElementKind kind = ElementKind::Unsigned;
  std::span<const std::byte> bytes;
  SymbolLayout layout;

  std::size_t width() const { return bits < 8 ? 1 : bits / 8; }
  std::size_t count() const { return bytes.size() / width(); }
};

/// `text` is JSON, one of
///   ["raw", size]                              elements as they are, of 4 bits two to a byte
///   ["zstd", size]                             the same as one Zstandard frame
///   ["text", size]                             the same bytes by encodeText
///   ["packed", size, low, width]               element - low in `width` bits each, lowest bits first
///   ["context", size, center, levels]          element - center by encodeSymbols
///   ["palette", count, VALUES, INDICES]        distinct elements, and for each its number (16 bits)
///   ["planes", rotation, [PLANE, ...]]         bytes of the elements apart, the lowest plane first
///   ["sparse", count, "bitmap" or "gaps", POSITIONS, VALUES]   elements that are not zero
/// where words in capitals are blocks whose bytes follow each other in this order.
struct Block {
  std::string text;
  std::vector<std::byte> bytes;
};

enum class Packing {
  Smallest,  ///< whatever was found to take the least bytes
  Plain,     ///< fixed numbers of bits: what packing alone gives, without entropy coding
};

/// Tries what may fit the elements, large ones on a part of them, and keeps the least.
Block packBlock(const ElementView& elements, Packing packing, const Progress& progress);

constexpr std::size_t largestPalette = 65536;

/// One block back to elements in the form of ElementView. `bytes` loses what the block used. Throws
/// Error(InvalidInput); allocates by `count`, which the caller has checked, alone.
std::vector<std::byte> unpackBlock(const std::string& text, unsigned bits, std::size_t count,
                                   const SymbolLayout& layout, std::span<const std::byte>& bytes,
                                   const Progress& progress);

/// Elements of 4 bits two to a byte, the first one in the low half, and back.
std::vector<std::byte> joinNibbles(std::span<const std::byte> elements);
std::vector<std::byte> splitNibbles(std::span<const std::byte> bytes, std::size_t count);

}  // namespace lapidary::core
