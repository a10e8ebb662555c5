// SPDX-License-Identifier: GPL-3.0-or-later
// Elements to the block that takes the least bytes.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <unordered_map>
#include <utility>

#include "core/io/lapidary/lapidary_block.h"
#include "core/io/lapidary/lapidary_text.h"
#include "core/io/lapidary/lapidary_zstd.h"
#include "core/model/pack_nibbles.h"

namespace lapidary::core {
namespace {

constexpr std::size_t judgedWhole = std::size_t{1} << 20;  ///< elements; beyond, a part is judged
constexpr std::size_t largestText = std::size_t{1} << 20;  ///< beyond, its hashed contexts are overfull
constexpr std::size_t judgedPart = std::size_t{1} << 18;

std::uint64_t elementAt(const ElementView& view, std::size_t i) {
  std::uint64_t value = 0;
  std::memcpy(&value, view.bytes.data() + i * view.width(), view.width());
  return value;
}

/// Signed numbers by their sign; all others as they are.
std::int64_t numberOf(const ElementView& view, std::uint64_t element) {
  const unsigned unused = 64 - view.bits;
  if (view.kind != ElementKind::Signed) return static_cast<std::int64_t>(element);
  return static_cast<std::int64_t>(element << unused) >> unused;
}

/// Orders elements as the numbers they stand for.
std::uint64_t rankOf(const ElementView& view, std::uint64_t element) {
  const std::uint64_t sign = std::uint64_t{1} << (view.bits - 1), all = 2 * sign - 1;
  if (view.kind == ElementKind::Unsigned) return element;
  if (view.kind == ElementKind::Signed) return element ^ sign;
  return element & sign ? ~element & all : element | sign;
}

std::string sized(const char* word, std::size_t size) {
  return "[\"" + std::string(word) + "\"," + std::to_string(size);
}

std::vector<std::byte> plainBytes(const ElementView& view) {
  if (view.bits == 4) return joinNibbles(view.bytes);
  return {view.bytes.begin(), view.bytes.end()};
}

Block rawBlock(const ElementView& view) {
  Block block{"", plainBytes(view)};
  block.text = sized("raw", block.bytes.size()) + "]";
  return block;
}

Block zstdBlock(const ElementView& view) {
  Block block{"", zstdCompressed(view.bits == 4 ? std::span<const std::byte>(plainBytes(view)) : view.bytes)};
  block.text = sized("zstd", block.bytes.size()) + "]";
  return block;
}

Block textBlock(const ElementView& view, const Progress& progress) {
  Block block{"", encodeText(view.bytes, progress)};
  block.text = sized("text", block.bytes.size()) + "]";
  return block;
}

struct Range {
  std::int64_t low = std::numeric_limits<std::int64_t>::max(),
               high = std::numeric_limits<std::int64_t>::min();
};

Range rangeOf(const ElementView& view) {
  Range range;
  for (std::size_t i = 0; i < view.count(); ++i) {
    const std::int64_t number = numberOf(view, elementAt(view, i));
    range.low = std::min(range.low, number), range.high = std::max(range.high, number);
  }
  return range;
}

/// Of elements of at most 16 bits.
Block packedBlock(const ElementView& view) {
  const Range range = rangeOf(view);
  const auto width =
      static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(range.high - range.low)));
  Block block{"", std::vector<std::byte>((view.count() * width + 7) / 8)};
  std::uint64_t held = 0;
  unsigned filled = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < view.count(); ++i) {
    held |= static_cast<std::uint64_t>(numberOf(view, elementAt(view, i)) - range.low) << filled;
    for (filled += width; filled >= 8; filled -= 8, held >>= 8)
      block.bytes[at++] = static_cast<std::byte>(held);
  }
  if (filled > 0) block.bytes[at] = static_cast<std::byte>(held);
  block.text = sized("packed", block.bytes.size()) + "," + std::to_string(range.low) + "," +
               std::to_string(width) + "]";
  return block;
}

/// The most common number, of elements of at most 16 bits.
std::int64_t commonest(const ElementView& view) {
  std::vector<std::uint32_t> counts(std::size_t{1} << view.bits);
  for (std::size_t i = 0; i < view.count(); ++i) ++counts[elementAt(view, i)];
  return numberOf(view, static_cast<std::uint64_t>(std::ranges::max_element(counts) - counts.begin()));
}

Block contextBlock(const ElementView& view, const Progress& progress) {
  const std::int64_t center = commonest(view);
  std::vector<std::int32_t> symbols(view.count());
  for (std::size_t i = 0; i < symbols.size(); ++i)
    symbols[i] = static_cast<std::int32_t>(numberOf(view, elementAt(view, i)) - center);
  const unsigned levels = symbolLevels(symbols);
  Block block{"", encodeSymbols(symbols, levels, view.layout, progress)};
  block.text = sized("context", block.bytes.size()) + "," + std::to_string(center) + "," +
               std::to_string(levels) + "]";
  return block;
}

/// Distinct elements in the order of their numbers; empty where there are too many for a palette to help.
std::vector<std::uint64_t> paletteOf(const ElementView& view) {
  const std::size_t most = std::min(largestPalette, view.count() / 2);
  std::unordered_map<std::uint64_t, bool> seen;
  for (std::size_t i = 0; i < view.count(); ++i) {
    seen.emplace(elementAt(view, i), true);
    if (seen.size() > most) return {};
  }
  std::vector<std::uint64_t> palette;
  for (const auto& [element, unused] : seen) palette.push_back(element);
  std::ranges::sort(palette, {}, [&](std::uint64_t element) { return rankOf(view, element); });
  return palette;
}

void put(std::vector<std::byte>& out, std::uint64_t element, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) out.push_back(static_cast<std::byte>(element >> (8 * i)));
}

Block joined(std::string text, std::initializer_list<const Block*> parts) {
  Block block{std::move(text), {}};
  for (const Block* part : parts) {
    block.text += "," + part->text;
    block.bytes.insert(block.bytes.end(), part->bytes.begin(), part->bytes.end());
  }
  block.text += "]";
  return block;
}

Block paletteBlock(const ElementView& view, const std::vector<std::uint64_t>& palette,
                   const Progress& progress) {
  std::vector<std::byte> values, indices;
  std::unordered_map<std::uint64_t, std::uint64_t> indexOf;
  for (const std::uint64_t element : palette) {
    indexOf[element] = indexOf.size();
    put(values, element, view.width());
  }
  indices.reserve(2 * view.count());
  for (std::size_t i = 0; i < view.count(); ++i) put(indices, indexOf[elementAt(view, i)], 2);
  const SymbolLayout line = SymbolLayout::line(palette.size());
  const Block first = packBlock({view.bits, view.kind, values, line}, Packing::Smallest, progress);
  const Block second = contextBlock({16, ElementKind::Unsigned, indices, view.layout}, progress);
  return joined(sized("palette", palette.size()), {&first, &second});
}

/// A float's exponent straddles two bytes: rotated left by one bit it stands in the highest.
Block planesBlock(const ElementView& view, const Progress& progress) {
  const unsigned rotation = view.kind == ElementKind::Floating ? 1 : 0;
  Block block{"[\"planes\"," + std::to_string(rotation) + ",[", {}};
  std::vector<std::byte> plane(view.count());
  for (std::size_t p = 0; p < view.width(); ++p) {
    for (std::size_t i = 0; i < plane.size(); ++i) {
      const std::uint64_t element = elementAt(view, i);
      const std::uint64_t turned = rotation == 0 ? element : element << 1 | element >> (view.bits - 1);
      plane[i] = static_cast<std::byte>(turned >> (8 * p));
    }
    const Block part = packBlock({8, ElementKind::Unsigned, plane, view.layout}, Packing::Smallest, progress);
    block.text += (p == 0 ? "" : ",") + part.text;
    block.bytes.insert(block.bytes.end(), part.bytes.begin(), part.bytes.end());
  }
  block.text += "]]";
  return block;
}

/// Positions as a bitmap in the weight's layout, or as the numbers of zeros between, whichever is smaller.
Block sparseBlock(const ElementView& view, const Progress& progress) {
  std::vector<std::byte> bitmap(view.count()), gaps, values;
  std::uint64_t gap = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < view.count(); ++i) {
    const std::uint64_t element = elementAt(view, i);
    if (element == 0) {
      ++gap;
      continue;
    }
    bitmap[i] = std::byte{1};
    put(values, element, view.width());
    put(gaps, std::exchange(gap, 0), 4);
    ++count;
  }
  const SymbolLayout line = SymbolLayout::line(count);
  const Block map = contextBlock({8, ElementKind::Unsigned, bitmap, view.layout}, progress);
  const Block between = planesBlock({32, ElementKind::Unsigned, gaps, line}, progress);
  const Block kept = packBlock({view.bits, view.kind, values, line}, Packing::Smallest, progress);
  const bool mapped = map.bytes.size() <= between.bytes.size();
  return joined(sized("sparse", count) + (mapped ? ",\"bitmap\"" : ",\"gaps\""),
                {mapped ? &map : &between, &kept});
}

/// Bytes of which each is about as common as any other: no coder gains on them.
bool isNoise(const ElementView& view) {
  constexpr double noise = 7.98;  // bits a byte
  if (view.bits != 8 || view.count() < 8192) return false;
  std::array<std::size_t, 256> counts{};
  for (const std::byte byte : view.bytes) ++counts[std::to_integer<std::size_t>(byte)];
  double bits = 0;
  for (const std::size_t count : counts)
    if (count > 0)
      bits -= static_cast<double>(count) *
              std::log2(static_cast<double>(count) / static_cast<double>(view.count()));
  return bits > noise * static_cast<double>(view.count());
}

using Candidate = std::function<Block(const ElementView&)>;

bool isMostlyZero(const ElementView& view) {
  std::size_t zeros = 0;
  for (std::size_t i = 0; i < view.count(); ++i) zeros += elementAt(view, i) == 0;
  // The gaps are numbers of 32 bits.
  return zeros >= view.count() / 8 && zeros > 0 && view.count() < std::numeric_limits<std::uint32_t>::max();
}

std::vector<Candidate> candidatesFor(const ElementView& view, const Progress& progress) {
  if (view.count() == 0 || isNoise(view)) return {rawBlock};
  std::vector<Candidate> candidates{rawBlock, zstdBlock};
  if (view.layout.rows == 1 && view.bits == 8 && view.count() <= largestText)
    candidates.push_back([&](const ElementView& v) { return textBlock(v, progress); });
  if (view.bits <= 8 || (view.bits == 16 && view.kind != ElementKind::Floating))
    candidates.push_back([&](const ElementView& v) { return contextBlock(v, progress); });
  if (view.bits <= 8) return candidates;
  candidates.push_back([&](const ElementView& v) { return planesBlock(v, progress); });
  if (const auto palette = paletteOf(view); !palette.empty())
    candidates.push_back([&, palette](const ElementView& v) { return paletteBlock(v, palette, progress); });
  if (isMostlyZero(view))
    candidates.push_back([&](const ElementView& v) { return sparseBlock(v, progress); });
  return candidates;
}

/// Whole rows from the middle, or of one long row a piece.
ElementView judged(const ElementView& view) {
  if (view.count() <= judgedWhole) return view;
  const std::size_t rows = std::max<std::size_t>(1, judgedPart / view.layout.columns);
  ElementView part = view;
  part.layout.rows = std::min(rows, view.layout.rows);
  if (view.layout.columns > judgedPart) part.layout = SymbolLayout::line(judgedPart);
  const std::size_t count = part.layout.rows * part.layout.columns;
  const std::size_t first = view.layout.rows / 2 * view.layout.columns;
  part.bytes = view.bytes.subspan(std::min(first, view.count() - count) * view.width(), count * view.width());
  return part;
}

std::size_t costOf(const Block& block) { return block.bytes.size() + block.text.size() / 2; }

}  // namespace

Block packBlock(const ElementView& elements, Packing packing, const Progress& progress) {
  progress.check();
  if (packing == Packing::Plain)
    return elements.bits <= 16 && elements.kind != ElementKind::Floating && elements.count() > 0
               ? packedBlock(elements)
               : rawBlock(elements);
  const ElementView part = judged(elements);
  const std::vector<Candidate> candidates = candidatesFor(elements, progress);
  Block best;
  const Candidate* chosen = nullptr;
  for (const Candidate& candidate : candidates) {
    Block block = candidate(part);
    if (chosen != nullptr && costOf(block) >= costOf(best)) continue;
    best = std::move(block);
    chosen = &candidate;
  }
  return part.count() == elements.count() ? best : (*chosen)(elements);
}

std::vector<std::byte> joinNibbles(std::span<const std::byte> elements) {
  std::vector<std::byte> bytes((elements.size() + 1) / 2);
  packNibbles({reinterpret_cast<const std::uint8_t*>(elements.data()), elements.size()}, bytes, false);
  return bytes;
}

std::vector<std::byte> splitNibbles(std::span<const std::byte> bytes, std::size_t count) {
  std::vector<std::byte> elements(count);
  for (std::size_t i = 0; i < count; ++i)
    elements[i] = (i % 2 == 0 ? bytes[i / 2] : bytes[i / 2] >> 4) & std::byte{15};
  return elements;
}

}  // namespace lapidary::core
