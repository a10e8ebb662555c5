// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures: decoding PNG with libpng and other kinds with Qt Gui, scaling, and encoding PNG. No Qt type
// leaves this file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/bytes.h"

namespace lapidary::core {

/// 8-bit pixels, rows from the top, channels interleaved: 1 (gray), 3 (RGB) or 4 (RGBA).
struct Picture {
  int width = 0, height = 0, channels = 3;
  std::vector<std::uint8_t> pixels;
};

/// Decodes to RGB or gray as stored, turned as its tag of orientation says; what is transparent is blended
/// over white, 16 bits become 8. Throws Error(InvalidInput) for damage and for pictures of more than 64
/// megapixels, Error(Unsupported) where no reader of the kind is installed.
Picture decodePicture(const Bytes& bytes);

/// The kind of picture, as its ending says, that no reader is installed for: "TIFF"; empty where one is. Qt
/// reads some kinds through plugins.
std::string_view unreadableKind(const std::string& path);
/// The same, of readers by their names.
std::string_view unreadableKind(const std::string& path, std::span<const std::string> readers);
std::vector<std::byte> encodePng(const Picture& picture);

/// How pixels between pixels are made, as Pillow does; all but the nearest with antialiasing when shrinking.
enum class Resampling { Bilinear, Nearest, Box, Hamming, Bicubic, Lanczos };
Picture scaled(const Picture& picture, int width, int height, Resampling resampling = Resampling::Bilinear);

}  // namespace lapidary::core
