// SPDX-License-Identifier: GPL-3.0-or-later
// The kind of picture that bytes hold, and whether its end stands there: readers fill a missing end with
// gray.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace lapidary::core {

struct PictureKind {
  std::string_view name;   ///< of Qt's reader; empty: no picture
  std::string_view title;  ///< for sentences
};

/// By the leading bytes.
PictureKind pictureKind(std::span<const std::byte> bytes);

/// Whether a JPEG has its EOI marker, a BMP its rows; true for other kinds.
bool pictureIsWhole(std::span<const std::byte> bytes, const PictureKind& kind);

}  // namespace lapidary::core
