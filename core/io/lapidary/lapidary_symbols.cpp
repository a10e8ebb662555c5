// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_symbols.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "core/io/lapidary/lapidary_bits.h"
#include "core/io/lapidary/lapidary_mixer.h"

namespace lapidary::core {
namespace {

constexpr std::size_t treeBits = 7;  ///< mantissa bits that have nodes of their own
constexpr std::size_t slotsPerContext = std::size_t{1} << 20;
constexpr std::size_t symbolsAtOnce = 1024;  ///< symbols between two looks at the progress

std::size_t nodesFor(unsigned levels) {
  const std::size_t tree = levels <= treeBits ? std::size_t{2} << levels
                                              : 256 + (levels - treeBits) * (std::size_t{1} << treeBits);
  return 2 + levels + tree;
}

/// So many rows or columns have slots of their own; those beyond share them.
std::size_t limitFor(unsigned levels) { return std::max<std::size_t>(1, slotsPerContext / nodesFor(levels)); }

/// The last three rows, each number cut to a byte, with zeros before and behind them.
class Neighbours {
 public:
  explicit Neighbours(const SymbolLayout& layout)
      : m_layout(layout), m_before(std::max({std::size_t{2}, layout.kernel, layout.width})) {
    for (auto& row : m_rows) row.assign(m_before + layout.columns + 1, 0);
  }

  std::size_t column() const { return m_column; }
  std::size_t row() const { return m_row; }

  /// Of the two before, and the one above.
  std::size_t near() const {
    return std::min(here(1), 2u) + 3 * std::min(here(2), 2u) + 9 * std::min(above(0, 0), 2u);
  }

  /// How large the surroundings are, in 16 steps.
  std::size_t energy() const {
    const unsigned up = m_layout.width > 0 ? here(m_layout.width) : 0;
    const unsigned sum = 2 * (here(1) + above(0, 0) + here(m_layout.kernel) + up) + here(2) + above(1, 0) +
                         above(0, 1) + above(0, -1);
    if (sum < 4) return sum;
    const auto octave = static_cast<unsigned>(std::bit_width(sum)) - 1;
    return std::min(15u, 2 * octave + (sum >> (octave - 1) & 1));
  }

  /// With their signs, the one before and the one above in the same kernel, or in a matrix the two before.
  std::size_t mates() const {
    const std::size_t tap = m_column % m_layout.kernel;
    const bool taps = m_layout.kernel > 1;
    if (taps && tap == 0) return 81;
    const std::size_t second = m_layout.width > 0 ? m_layout.width : 2;
    const int one = signedHere(1), other = taps && tap < second ? 0 : signedHere(second);
    return static_cast<std::size_t>((std::clamp(one, -4, 4) + 4) * 9 + std::clamp(other, -4, 4) + 4);
  }

  void push(std::int32_t symbol) {
    m_rows[0][m_before + m_column] = static_cast<std::int8_t>(std::clamp(symbol, -127, 127));
    if (++m_column < m_layout.columns) return;
    m_column = 0, ++m_row;
    std::swap(m_rows[1], m_rows[2]);
    std::swap(m_rows[0], m_rows[1]);
    std::ranges::fill(m_rows[0], std::int8_t{0});
  }

 private:
  int signedHere(std::size_t back) const { return m_rows[0][m_before + m_column - back]; }
  unsigned here(std::size_t back) const { return static_cast<unsigned>(std::abs(signedHere(back))); }
  unsigned above(std::size_t older, std::ptrdiff_t aside) const {
    const auto at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(m_before + m_column) + aside);
    return static_cast<unsigned>(std::abs(int{m_rows[1 + older][at]}));
  }

  SymbolLayout m_layout;
  std::size_t m_before, m_column = 0, m_row = 0;
  std::array<std::vector<std::int8_t>, 3> m_rows;  ///< this one, the one above, the one above that
};

/// The decisions that make up a symbol; `Coder` puts bits that are given or gets them.
template <class Coder>
class SymbolWalk {
 public:
  SymbolWalk(Coder& coder, unsigned levels, const SymbolLayout& layout)
      : m_coder(coder),
        m_levels(levels),
        m_columns(layout.rows > 1 ? std::min(layout.columns, limitFor(levels)) : 1),
        m_rows(std::min(layout.rows, limitFor(levels))),
        m_neighbours(layout),
        m_mixer(nodesFor(levels), {1, 27, 16, 82, m_columns, m_rows}) {}

  /// `symbol` is looked at only by a coder that puts.
  std::int32_t code(std::int32_t symbol) {
    m_at = {0,
            m_neighbours.near(),
            m_neighbours.energy(),
            m_neighbours.mates(),
            m_neighbours.column() % m_columns,
            m_neighbours.row() % m_rows};
    const auto given = static_cast<std::uint32_t>(std::abs(symbol));
    if (!bit(0, given != 0)) return m_neighbours.push(0), 0;
    const bool negative = bit(1, symbol < 0);
    unsigned length = 0;
    while (length < m_levels && bit(2 + length, given >> (length + 1) != 0)) ++length;
    const auto magnitude = static_cast<std::int32_t>(mantissa(given, length));
    const std::int32_t found = negative ? -magnitude : magnitude;
    m_neighbours.push(found);
    return found;
  }

 private:
  bool bit(std::size_t node, bool given) {
    const bool coded = m_coder.code(given, m_mixer.chance(node, m_at));
    m_mixer.learn(coded);
    return coded;
  }

  /// The bits below the highest one, from the top; those below the tree are even chances.
  std::uint32_t mantissa(std::uint32_t given, unsigned length) {
    const std::size_t base = 2 + m_levels;
    const std::size_t tree = base + (length <= treeBits ? std::size_t{1} << length
                                                        : 256 + (length - 8) * (std::size_t{1} << treeBits));
    std::uint32_t value = 1;
    for (unsigned left = length; left-- > 0;) {
      const bool wanted = given >> left & 1;
      const bool modelled = length - 1 - left < treeBits;
      value = 2 * value + (modelled ? bit(tree + value, wanted) : m_coder.code(wanted, evenChance));
    }
    return value;
  }

  Coder& m_coder;
  unsigned m_levels;
  std::size_t m_columns, m_rows;  ///< contexts that tell columns and rows apart
  Neighbours m_neighbours;
  BitMixer m_mixer;
  BitMixer::Contexts m_at{};
};

}  // namespace

SymbolLayout SymbolLayout::of(const Shape& shape) {
  if (shape.size() < 2) return line(static_cast<std::size_t>(elementCount(shape)));
  SymbolLayout layout;
  const auto size = [&](std::size_t axis) { return static_cast<std::size_t>(shape[axis]); };
  layout.rows = size(0);
  for (std::size_t axis = 1; axis < shape.size(); ++axis) layout.columns *= size(axis);
  for (std::size_t axis = 2; axis < shape.size(); ++axis) layout.kernel *= size(axis);
  if (shape.size() >= 4) layout.width = size(shape.size() - 1);
  if (layout.rows == 0 || layout.columns == 0) return {};
  return layout;
}

unsigned symbolLevels(std::span<const std::int32_t> symbols) {
  std::uint32_t all = 1;
  for (const std::int32_t symbol : symbols) all |= static_cast<std::uint32_t>(std::abs(symbol));
  return static_cast<unsigned>(std::bit_width(all)) - 1;
}

std::vector<std::byte> encodeSymbols(std::span<const std::int32_t> symbols, unsigned levels,
                                     const SymbolLayout& layout, const Progress& progress) {
  BitPutter coder;
  SymbolWalk walk(coder, levels, layout);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i % symbolsAtOnce == 0) progress.check();
    walk.code(symbols[i]);
  }
  return std::move(coder.encoder).finish();
}

void decodeSymbols(std::span<const std::byte> bytes, std::size_t count, unsigned levels,
                   const SymbolLayout& layout, const Progress& progress,
                   const std::function<void(std::span<const std::int32_t>)>& take) {
  BitGetter coder{BitDecoder(bytes)};
  SymbolWalk walk(coder, levels, layout);
  std::array<std::int32_t, symbolsAtOnce> symbols;
  for (std::size_t done = 0; done < count;) {
    progress.check();
    if (coder.decoder.exhausted()) break;
    const std::size_t now = std::min(symbolsAtOnce, count - done);
    for (std::size_t i = 0; i < now; ++i) symbols[i] = walk.code(0);
    take(std::span(symbols).first(now));
    done += now;
  }
  coder.decoder.finish();
}

}  // namespace lapidary::core
