// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/picture_chunks.h"

#include <optional>

#include "core/files/byte_order.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

unsigned byteOf(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<unsigned>(bytes[at]);
}

/// Behind a table of colours whose size the flags tell.
std::size_t behindColours(std::size_t at, unsigned flags) {
  return (flags & 0x80u) != 0 ? at + (std::size_t{3} << ((flags & 7u) + 1)) : at;
}

/// Behind the blocks of data from `at` on; nothing where their end is missing.
std::optional<std::size_t> behindBlocks(std::span<const std::byte> bytes, std::size_t at) {
  while (at < bytes.size()) {
    const std::size_t length = byteOf(bytes, at);
    at += 1 + length;
    if (length == 0) return at;
  }
  return std::nullopt;
}

}  // namespace

void forEachPngChunk(std::span<const std::byte> bytes, const OnChunk& onChunk) {
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const std::uint64_t length = bigEndian(bytes, at, 4);
    if (length > bytes.size() - at - 12) return;
    if (!onChunk(textOf(bytes.subspan(at + 4, 4)), bytes.subspan(at + 8, length))) return;
    at += 12 + length;
  }
}

void forEachWebpChunk(std::span<const std::byte> bytes, const OnChunk& onChunk) {
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::uint64_t length = littleEndian(bytes, at + 4, 4);
    if (length > bytes.size() - at - 8) return;
    if (!onChunk(textOf(bytes.subspan(at, 4)), bytes.subspan(at + 8, length))) return;
    at += 8 + length + length % 2;
  }
}

bool forEachJpegSegment(std::span<const std::byte> bytes,
                        const std::function<bool(int, std::span<const std::byte>)>& onSegment) {
  std::size_t at = 2;
  while (bytes.size() >= at + 4 && byteOf(bytes, at) == 0xff) {
    const unsigned marker = byteOf(bytes, at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0xda) return true;
    const std::uint64_t length = bigEndian(bytes, at + 2, 2);
    if (length < 2 || length > bytes.size() - at - 2) return false;
    if (!onSegment(static_cast<int>(marker), bytes.subspan(at + 4, length - 2))) return false;
    at += 2 + length;
  }
  return false;
}

GifParts partsOfGif(std::span<const std::byte> bytes) {
  GifParts parts;
  if (bytes.size() < 13) return parts;
  std::size_t at = behindColours(13, byteOf(bytes, 10));
  while (at < bytes.size()) {
    const unsigned kind = byteOf(bytes, at);
    if (kind == 0x21 && at + 4 < bytes.size()) {  // extension
      if (byteOf(bytes, at + 1) == 0xf9 && (byteOf(bytes, at + 3) & 1u) != 0) parts.transparent = true;
      const auto behind = behindBlocks(bytes, at + 2);
      if (!behind) return parts;
      at = *behind;
    } else if (kind == 0x2c && at + 10 < bytes.size()) {  // picture
      const auto behind = behindBlocks(bytes, behindColours(at + 10, byteOf(bytes, at + 9)) + 1);
      if (!behind) return parts;
      ++parts.frames;
      at = *behind;
    } else {
      return parts;
    }
  }
  return parts;
}

}  // namespace lapidary::core
