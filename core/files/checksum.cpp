// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/checksum.h"

#include <zlib.h>

#include <algorithm>

namespace lapidary::core {

std::uint32_t crc32Of(std::span<const std::byte> bytes, const Progress& progress) {
  constexpr std::size_t piece = 1 << 24;
  uLong crc = crc32(0, nullptr, 0);
  for (std::size_t done = 0; done < bytes.size(); done += piece) {
    progress.check();
    const auto part = bytes.subspan(done, std::min(piece, bytes.size() - done));
    crc = crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size()));
  }
  return static_cast<std::uint32_t>(crc);
}

}  // namespace lapidary::core
