// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/image_end.h"

#include <array>
#include <cstdint>

#include "core/files/byte_order.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view start;
  PictureKind kind;
};
constexpr std::array signatures{
    Signature{"\x89PNG\r\n\x1a\n"sv, {"png"sv, "PNG"sv}},
    Signature{"\xff\xd8\xff"sv, {"jpeg"sv, "JPEG"sv}},
    Signature{"BM"sv, {"bmp"sv, "BMP"sv}},
    Signature{"GIF8"sv, {"gif"sv, "GIF"sv}},
    Signature{"P2"sv, {"pgm"sv, "PGM"sv}},
    Signature{"P5"sv, {"pgm"sv, "PGM"sv}},
    Signature{"P3"sv, {"ppm"sv, "PPM"sv}},
    Signature{"P6"sv, {"ppm"sv, "PPM"sv}},
};

std::size_t byteAt(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

/// Marker segments up to the first scan carry lengths (and may hold a thumbnail with an end of its own);
/// from there on the end-of-image marker cannot stand inside coded data (ITU T.81, B.1.1.5).
bool jpegIsWhole(std::string_view text) {
  std::size_t at = 2;
  while (text.size() >= at + 4 && text[at] == '\xff') {
    if (text[at + 1] == '\xff') {  // fill byte
      ++at;
      continue;
    }
    if (text[at + 1] == '\xda') return text.find("\xff\xd9"sv, at) != std::string_view::npos;
    at += 2 + (byteAt(text, at + 2) << 8 | byteAt(text, at + 3));
  }
  return false;
}

/// The header tells where the rows start; uncompressed ones are padded to 4 bytes.
bool bmpIsWhole(std::span<const std::byte> bytes) {
  if (bytes.size() < 54) return false;
  const std::uint64_t start = littleEndian(bytes, 10, 4);
  if (start > bytes.size()) return false;
  const std::uint64_t header = littleEndian(bytes, 14, 4);
  if (header > bytes.size() - 14) return false;
  if (header < 40 || littleEndian(bytes, 30, 4) != 0) return true;  // other forms: left to the reader
  const auto height = static_cast<std::int32_t>(littleEndian(bytes, 22, 4));
  const std::uint64_t rows =
      height < 0 ? 0 - static_cast<std::uint64_t>(height) : static_cast<std::uint64_t>(height);
  const std::uint64_t bits = littleEndian(bytes, 18, 4) * littleEndian(bytes, 28, 2);
  const std::uint64_t row = (bits + 31) / 32 * 4;
  return row == 0 || rows <= (bytes.size() - start) / row;
}

}  // namespace

PictureKind pictureKind(std::span<const std::byte> bytes) {
  for (const Signature& signature : signatures)
    if (textOf(bytes).starts_with(signature.start)) return signature.kind;
  return {};
}

bool pictureIsWhole(std::span<const std::byte> bytes, const PictureKind& kind) {
  if (kind.name == "jpeg") return jpegIsWhole(textOf(bytes));
  if (kind.name == "bmp") return bmpIsWhole(bytes);
  return true;
}

}  // namespace lapidary::core
