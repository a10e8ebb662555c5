// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that files of pictures are made of, walked without looking into them. A walk ends at the first
// part that is not whole.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace lapidary::core {

/// Hears of a chunk's name and content; false ends the walk.
using OnChunk = std::function<bool(std::string_view name, std::span<const std::byte> content)>;
void forEachPngChunk(std::span<const std::byte> bytes, const OnChunk& onChunk);
void forEachWebpChunk(std::span<const std::byte> bytes, const OnChunk& onChunk);

/// Hears of a segment's marker (0xe1: APP1) and content, up to the first scan; false ends the walk. Says
/// whether it came to a scan.
bool forEachJpegSegment(std::span<const std::byte> bytes,
                        const std::function<bool(int marker, std::span<const std::byte> content)>& onSegment);

struct GifParts {
  std::size_t frames = 0;    ///< that are whole
  bool transparent = false;  ///< whether a colour may be
};
GifParts partsOfGif(std::span<const std::byte> bytes);

}  // namespace lapidary::core
