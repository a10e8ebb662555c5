// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_text.h"

#include "core/io/lapidary/lapidary_bits.h"
#include "core/io/lapidary/lapidary_mixer.h"

namespace lapidary::core {
namespace {

constexpr std::size_t hashed = 4096, nodes = 256, betweenChecks = 1024;

/// Contexts: the last byte; the last 2, 3, 4 and 5; and, for rows of floats, the fourth and the eighth from
/// the end.
template <class Coder>
class TextWalk {
 public:
  explicit TextWalk(Coder& coder)
      : m_coder(coder), m_mixer(nodes, {256, hashed, hashed, hashed, hashed, hashed}) {}

  std::byte code(std::byte given) {
    const BitMixer::Contexts at{m_past & 255,
                                hash(m_past & 0xffff),
                                hash(m_past & 0xffffff),
                                hash(m_past & 0xffffffff),
                                hash(m_past & 0xffffffffff),
                                hash((m_past >> 24 & 255) + (m_past >> 56 << 8))};
    std::size_t node = 1;
    while (node < nodes) {
      const bool wanted = std::to_integer<std::size_t>(given) >> (7 - bitsOfNode(node)) & 1;
      const bool bit = m_coder.code(wanted, m_mixer.chance(node, at));
      m_mixer.learn(bit);
      node = 2 * node + bit;
    }
    m_past = m_past << 8 | (node & 255);
    return static_cast<std::byte>(node & 255);
  }

 private:
  static std::size_t bitsOfNode(std::size_t node) {
    std::size_t bits = 0;
    for (; node > 1; node >>= 1) ++bits;
    return bits;
  }

  /// Multiplicative (Knuth, 6.4), the upper 12 bits of 64.
  static std::size_t hash(std::uint64_t value) { return (value + 1) * 0x9e3779b97f4a7c15u >> 52; }

  Coder& m_coder;
  BitMixer m_mixer;
  std::uint64_t m_past = 0;  ///< the last eight bytes, the newest lowest
};

}  // namespace

std::vector<std::byte> encodeText(std::span<const std::byte> text, const Progress& progress) {
  BitPutter coder;
  TextWalk walk(coder);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % betweenChecks == 0) progress.check();
    walk.code(text[i]);
  }
  return std::move(coder.encoder).finish();
}

std::vector<std::byte> decodeText(std::span<const std::byte> bytes, std::size_t count,
                                  const Progress& progress) {
  BitGetter coder{BitDecoder(bytes)};
  TextWalk walk(coder);
  std::vector<std::byte> text(count);
  for (std::size_t i = 0; i < count && !coder.decoder.exhausted(); ++i) {
    if (i % betweenChecks == 0) progress.check();
    text[i] = walk.code({});
  }
  coder.decoder.finish();
  return text;
}

}  // namespace lapidary::core
