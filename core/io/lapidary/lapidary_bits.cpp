// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_bits.h"

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// How many leading bytes of `high` tell a number that, padded with zeros, lies between the two.
std::size_t tellingBytes(std::uint64_t low, std::uint64_t high) {
  if (low == 0) return 0;
  std::size_t count = 1;
  while (count < 8 && (high >> (64 - 8 * count) << (64 - 8 * count)) < low) ++count;
  return count;
}

}  // namespace

std::vector<std::byte> BitEncoder::finish() && {
  const std::size_t count = tellingBytes(m_low, m_high);
  for (std::size_t i = 0; i < count; ++i) m_bytes.push_back(static_cast<std::byte>(m_high >> (56 - 8 * i)));
  return std::move(m_bytes);
}

BitDecoder::BitDecoder(std::span<const std::byte> bytes) : m_bytes(bytes) {
  for (int i = 0; i < 8; ++i) m_code = m_code << 8 | next();
}

void BitDecoder::finish() const {
  const std::size_t wanted = m_at - 8 + tellingBytes(m_low, m_high);
  if (wanted == m_bytes.size()) return;
  throw Error(ErrorKind::InvalidInput, "an arithmetic-coded stream ends at byte " + std::to_string(wanted) +
                                           ", " + std::to_string(m_bytes.size()) + " bytes stand there");
}

}  // namespace lapidary::core
