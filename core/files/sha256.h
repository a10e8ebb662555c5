// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of bytes that come piece by piece (FIPS 180-4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace lapidary::core {

class Sha256 {
 public:
  void add(std::span<const std::byte> bytes);
  /// Of all that was added, lower-case hex; more may follow.
  std::string hex() const;

 private:
  std::array<std::uint32_t, 8> m_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, 64> m_rest{};  ///< of a block that is not full yet
  std::uint64_t m_bytes = 0;
};

/// Of bytes that are all there, lower-case hex.
std::string sha256(std::span<const std::byte> bytes);

}  // namespace lapidary::core
