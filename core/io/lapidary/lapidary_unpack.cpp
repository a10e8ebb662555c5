// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks back to elements; nothing of their description is trusted.
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/files/strict_json.h"
#include "core/io/lapidary/lapidary_block.h"
#include "core/io/lapidary/lapidary_text.h"
#include "core/io/lapidary/lapidary_zstd.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;
using Elements = std::vector<std::byte>;

constexpr int deepestBlock = 8;
constexpr unsigned mostLevels = 16;

/// The target that elements of a block go to.
struct Wanted {
  unsigned bits;
  std::size_t count;
  SymbolLayout layout;

  std::size_t width() const { return bits < 8 ? 1 : bits / 8; }
  std::uint64_t mask() const { return ~std::uint64_t{0} >> (64 - bits); }
};

std::string asText(const Json& json) {
  std::string text = jsonText(json, {.ascii = true, .replaceBadText = true});
  if (text.size() > 60) text.replace(60, std::string::npos, "...");
  return text;
}

/// The whole number at an index of a block, within limits.
std::int64_t numberIn(const Json& block, std::size_t at, std::int64_t low, std::int64_t high) {
  const Json& value = block[at];
  if (value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX)) {
    const auto number = value.get<std::int64_t>();
    if (number >= low && number <= high) return number;
  }
  refuseInput("the block " + asText(block) + " has " + asText(value) + " at index " + std::to_string(at) +
              ", " + std::to_string(low) + " to " + std::to_string(high) + " expected");
}

class Unpacking {
 public:
  Unpacking(std::span<const std::byte>& bytes, const Progress& progress)
      : m_bytes(bytes), m_progress(progress) {}

  Elements read(const Json& block, const Wanted& wanted, int depth = 0) {
    if (depth > deepestBlock) refuseInput("blocks stand more than 8 deep in each other");
    if (!block.is_array() || block.empty() || !block[0].is_string())
      refuseInput("a block is described by " + asText(block) + ", a list that begins with a word expected");
    const auto& word = block[0].get_ref<const std::string&>();
    const std::size_t entries = entriesOf(word);
    if (entries == 0) refuseInput("a block is of the unknown kind " + asText(block[0]));
    if (block.size() != entries)
      refuseInput("the block " + asText(block) + " has " + std::to_string(block.size()) + " entries, " +
                  std::to_string(entries) + " expected");
    if (word == "raw") return raw(block, wanted);
    if (word == "zstd") return zstd(block, wanted);
    if (word == "text") return fromPlain(decodeText(take(block), plainBytes(wanted), m_progress), wanted);
    if (word == "packed") return packed(block, wanted);
    if (word == "context") return context(block, wanted);
    if (word == "palette") return palette(block, wanted, depth);
    return word == "planes" ? planes(block, wanted, depth) : sparse(block, wanted, depth);
  }

 private:
  static std::size_t entriesOf(const std::string& word) {
    if (word == "raw" || word == "zstd" || word == "text") return 2;
    if (word == "planes") return 3;
    if (word == "packed" || word == "context" || word == "palette") return 4;
    return word == "sparse" ? 5 : 0;
  }

  std::span<const std::byte> take(const Json& block) {
    const auto size = static_cast<std::size_t>(numberIn(block, 1, 0, INT64_MAX));
    if (size > m_bytes.size())
      refuseInput("the block " + asText(block) + " takes " + std::to_string(size) + " bytes, " +
                  std::to_string(m_bytes.size()) + " are left");
    const auto part = m_bytes.first(size);
    m_bytes = m_bytes.subspan(size);
    return part;
  }

  /// Of a stream whose size follows from what it holds.
  std::span<const std::byte> takeExactly(const Json& block, std::size_t expected) {
    const auto part = take(block);
    if (part.size() != expected)
      refuseInput("the block " + asText(block) + " takes " + std::to_string(part.size()) + " bytes, " +
                  std::to_string(expected) + " expected");
    return part;
  }

  static std::size_t plainBytes(const Wanted& wanted) {
    return wanted.bits == 4 ? (wanted.count + 1) / 2 : wanted.count * wanted.width();
  }

  static Elements fromPlain(Elements bytes, const Wanted& wanted) {
    return wanted.bits == 4 ? splitNibbles(bytes, wanted.count) : bytes;
  }

  Elements raw(const Json& block, const Wanted& wanted) {
    const auto part = takeExactly(block, plainBytes(wanted));
    return fromPlain({part.begin(), part.end()}, wanted);
  }

  Elements zstd(const Json& block, const Wanted& wanted) {
    const auto frame = take(block);
    Elements bytes(plainBytes(wanted));
    zstdDecompress(frame, bytes);
    return fromPlain(std::move(bytes), wanted);
  }

  Elements packed(const Json& block, const Wanted& wanted) {
    const auto low = static_cast<std::uint64_t>(numberIn(block, 2, -65536, 65536));
    const auto width = static_cast<unsigned>(numberIn(block, 3, 0, 17));
    const auto part = takeExactly(block, (wanted.count * width + 7) / 8);
    Elements out(wanted.count * wanted.width());
    std::uint64_t held = 0;
    unsigned filled = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < wanted.count; ++i) {
      for (; filled < width; filled += 8) held |= std::to_integer<std::uint64_t>(part[at++]) << filled;
      put(out, i, low + (held & ((std::uint64_t{1} << width) - 1)), wanted);
      held >>= width, filled -= width;
    }
    return out;
  }

  Elements context(const Json& block, const Wanted& wanted) {
    const auto center = static_cast<std::uint64_t>(numberIn(block, 2, -65536, 65536));
    const auto levels = static_cast<unsigned>(numberIn(block, 3, 0, mostLevels));
    const auto part = take(block);
    Elements out(wanted.count * wanted.width());
    std::size_t at = 0;
    decodeSymbols(part, wanted.count, levels, wanted.layout, m_progress,
                  [&](std::span<const std::int32_t> symbols) {
                    for (const std::int32_t symbol : symbols)
                      put(out, at++, center + static_cast<std::uint64_t>(std::int64_t{symbol}), wanted);
                  });
    return out;
  }

  Elements palette(const Json& block, const Wanted& wanted, int depth) {
    const auto size = static_cast<std::size_t>(numberIn(block, 1, 1, largestPalette));
    const Elements values = read(block[2], {wanted.bits, size, SymbolLayout::line(size)}, depth + 1);
    const Elements indices = read(block[3], {16, wanted.count, wanted.layout}, depth + 1);
    Elements out(wanted.count * wanted.width());
    for (std::size_t i = 0; i < wanted.count; ++i) {
      std::uint16_t index = 0;
      std::memcpy(&index, indices.data() + 2 * i, 2);
      if (index >= size)
        refuseInput("element " + std::to_string(i) + " is number " + std::to_string(index) +
                    " of a palette of " + std::to_string(size));
      std::memcpy(out.data() + i * wanted.width(), values.data() + index * wanted.width(), wanted.width());
    }
    return out;
  }

  Elements planes(const Json& block, const Wanted& wanted, int depth) {
    const bool rotated = numberIn(block, 1, 0, 1) != 0;
    if (!block[2].is_array() || block[2].size() != wanted.width())
      refuseInput("elements of " + std::to_string(wanted.bits) + " bits have " +
                  std::to_string(wanted.width()) + " planes, " + asText(block[2]) + " stands there");
    Elements out(wanted.count * wanted.width());
    for (std::size_t p = 0; p < wanted.width(); ++p) {
      const Elements plane = read(block[2][p], {8, wanted.count, wanted.layout}, depth + 1);
      for (std::size_t i = 0; i < wanted.count; ++i) out[i * wanted.width() + p] = plane[i];
    }
    for (std::size_t i = 0; rotated && i < wanted.count; ++i) {
      std::uint64_t element = 0;
      std::memcpy(&element, out.data() + i * wanted.width(), wanted.width());
      put(out, i, element >> 1 | (element & 1) << (wanted.bits - 1), wanted);
    }
    return out;
  }

  Elements sparse(const Json& block, const Wanted& wanted, int depth) {
    const auto kept =
        static_cast<std::size_t>(numberIn(block, 1, 0, static_cast<std::int64_t>(wanted.count)));
    const bool mapped = block[2] == "bitmap";
    if (!mapped && block[2] != "gaps")
      refuseInput("positions are given by " + asText(block[2]) + ", \"bitmap\" or \"gaps\" expected");
    const std::vector<std::size_t> positions =
        mapped ? fromBitmap(read(block[3], {8, wanted.count, wanted.layout}, depth + 1), kept)
               : fromGaps(read(block[3], {32, kept, SymbolLayout::line(kept)}, depth + 1), wanted.count);
    const Elements values = read(block[4], {wanted.bits, kept, SymbolLayout::line(kept)}, depth + 1);
    Elements out(wanted.count * wanted.width());
    for (std::size_t i = 0; i < kept; ++i)
      std::memcpy(out.data() + positions[i] * wanted.width(), values.data() + i * wanted.width(),
                  wanted.width());
    return out;
  }

  static std::vector<std::size_t> fromBitmap(const Elements& bitmap, std::size_t kept) {
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < bitmap.size(); ++i)
      if (bitmap[i] != std::byte{0}) positions.push_back(i);
    if (positions.size() != kept)
      refuseInput("a bitmap marks " + std::to_string(positions.size()) + " elements, " +
                  std::to_string(kept) + " expected");
    return positions;
  }

  static std::vector<std::size_t> fromGaps(const Elements& gaps, std::size_t count) {
    std::vector<std::size_t> positions;
    std::size_t at = 0;
    for (std::size_t i = 0; i < gaps.size() / 4; ++i) {
      std::uint32_t gap = 0;
      std::memcpy(&gap, gaps.data() + 4 * i, 4);
      at += gap;
      if (at >= count)
        refuseInput("gaps lead to element " + std::to_string(at) + " of " + std::to_string(count));
      positions.push_back(at++);
    }
    return positions;
  }

  static void put(Elements& out, std::size_t at, std::uint64_t element, const Wanted& wanted) {
    element &= wanted.mask();
    std::memcpy(out.data() + at * wanted.width(), &element, wanted.width());
  }

  std::span<const std::byte>& m_bytes;
  const Progress& m_progress;
};

}  // namespace

std::vector<std::byte> unpackBlock(const std::string& text, unsigned bits, std::size_t count,
                                   const SymbolLayout& layout, std::span<const std::byte>& bytes,
                                   const Progress& progress) {
  constexpr int deepestJson = 3 * deepestBlock;
  return Unpacking(bytes, progress)
      .read(parseStrictJson(text, "the block", deepestJson), {bits, count, layout});
}

}  // namespace lapidary::core
