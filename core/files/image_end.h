// SPDX-License-Identifier: GPL-3.0-or-later
// The kind of picture that bytes hold, and whether its end stands there: readers fill a missing end with
// gray.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lapidary::core {

struct PictureKind {
  std::string_view name;   ///< of Qt's reader; empty: no picture
  std::string_view title;  ///< for sentences
};

/// The kinds that are read, for sentences: "PNG, JPEG, ...".
inline constexpr std::string_view pictureTitles = "PNG, JPEG, WebP, TIFF, BMP, GIF or PNM";

/// By the leading bytes.
PictureKind pictureKind(std::span<const std::byte> bytes);
/// By a path's ending.
PictureKind pictureKindForPath(const std::string& path);

/// Whether a JPEG has its EOI marker, a BMP its rows, a GIF its first frame, a WebP all its bytes, a TIFF its
/// strips or tiles; true for other kinds.
bool pictureIsWhole(std::span<const std::byte> bytes, const PictureKind& kind);

}  // namespace lapidary::core
