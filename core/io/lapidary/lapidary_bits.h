// SPDX-License-Identifier: GPL-3.0-or-later
// An arithmetic coder of single bits, each with its own probability (Witten, Neal and Cleary 1987).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::core {

/// Probabilities are those of a 1 in 65536ths, from 1 to 65535.
constexpr std::uint32_t evenChance = 32768;

class BitEncoder {
 public:
  void put(bool bit, std::uint32_t chance) {
    const std::uint64_t middle = m_low + ((m_high - m_low) >> 16) * chance;
    (bit ? m_high : m_low) = bit ? middle : middle + 1;
    while (((m_low ^ m_high) >> 56) == 0) {
      m_bytes.push_back(static_cast<std::byte>(m_high >> 56));
      m_low <<= 8;
      m_high = m_high << 8 | 255;
    }
  }
  /// As few bytes as tell the interval; what a decoder reads behind the last one is zeros.
  std::vector<std::byte> finish() &&;

 private:
  std::vector<std::byte> m_bytes;
  std::uint64_t m_low = 0, m_high = ~std::uint64_t{0};
};

class BitDecoder {
 public:
  explicit BitDecoder(std::span<const std::byte> bytes);

  bool get(std::uint32_t chance) {
    const std::uint64_t middle = m_low + ((m_high - m_low) >> 16) * chance;
    const bool bit = m_code <= middle;
    (bit ? m_high : m_low) = bit ? middle : middle + 1;
    while (((m_low ^ m_high) >> 56) == 0) {
      m_low <<= 8;
      m_high = m_high << 8 | 255;
      m_code = m_code << 8 | next();
    }
    return bit;
  }
  /// Throws Error(InvalidInput) where an encoder of the same bits would have stopped elsewhere.
  void finish() const;
  /// More bytes were asked for than any encoder leaves out: the stream is cut off.
  bool exhausted() const { return m_at > m_bytes.size() + 8; }

 private:
  std::uint64_t next() {
    const std::size_t at = m_at++;
    return at < m_bytes.size() ? std::to_integer<std::uint64_t>(m_bytes[at]) : 0;
  }

  std::span<const std::byte> m_bytes;
  std::size_t m_at = 0;
  std::uint64_t m_low = 0, m_high = ~std::uint64_t{0}, m_code = 0;
};

/// The two under one name, for code that walks the same way in both directions: `bit` is what is put; what is
/// returned is what was put or got.
struct BitPutter {
  BitEncoder encoder = {};
  bool code(bool bit, std::uint32_t chance) { return encoder.put(bit, chance), bit; }
};

struct BitGetter {
  BitDecoder decoder;
  bool code(bool, std::uint32_t chance) { return decoder.get(chance); }
};

}  // namespace lapidary::core
