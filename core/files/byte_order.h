// SPDX-License-Identifier: GPL-3.0-or-later
// Whole numbers that stand in a file's bytes, read the same way on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lapidary::core {

/// The number that `count` bytes at `at` make, least significant first; they must stand there.
inline std::uint64_t littleEndian(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

/// The same, most significant first.
inline std::uint64_t bigEndian(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

}  // namespace lapidary::core
