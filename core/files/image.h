// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures: decoding PNG with libpng and other kinds with Qt Gui, scaling, and encoding PNG. No Qt type
// leaves this file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/files/bytes.h"

namespace lapidary::core {

/// 8-bit pixels, rows from the top, channels interleaved: 1 (gray), 3 (RGB) or 4 (RGBA).
struct Picture {
  int width = 0, height = 0, channels = 3;
  std::vector<std::uint8_t> pixels;
};

/// Decodes to RGB or gray as stored. Throws Error(InvalidInput) for damage and for pictures of more
/// than 64 megapixels.
Picture decodePicture(const Bytes& bytes);
std::vector<std::byte> encodePng(const Picture& picture);
/// Bilinear with antialiasing when shrinking.
Picture scaled(const Picture& picture, int width, int height);

}  // namespace lapidary::core
