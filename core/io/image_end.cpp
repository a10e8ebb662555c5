#include "core/io/image_end.h"

#include <zlib.h>

#include <array>
#include <cstdint>

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

std::string_view asText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t byteAt(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

std::size_t bigEndian(std::string_view text, std::size_t at) {
  return byteAt(text, at) << 24 | byteAt(text, at + 1) << 16 | byteAt(text, at + 2) << 8 |
         byteAt(text, at + 3);
}

/// Chunks are length (4 bytes, big-endian), type, data, CRC-32 of type and data; the last is IEND. libpng
/// would notice a wrong checksum too, but writes to standard error.
bool pngIsWhole(std::string_view text) {
  std::size_t at = 8;
  while (text.size() >= at + 12) {
    const std::size_t length = bigEndian(text, at);
    if (length > text.size() - at - 12) return false;
    const auto* const type = reinterpret_cast<const Bytef*>(text.data() + at + 4);
    if (crc32(0, type, static_cast<uInt>(length + 4)) != bigEndian(text, at + 8 + length)) return false;
    if (text.substr(at + 4, 4) == "IEND"sv) return true;
    at += length + 12;
  }
  return false;
}

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

std::size_t littleEndian(std::string_view text, std::size_t at) {
  return byteAt(text, at + 3) << 24 | byteAt(text, at + 2) << 16 | byteAt(text, at + 1) << 8 |
         byteAt(text, at);
}

/// The header tells where the rows start; uncompressed ones are padded to 4 bytes.
bool bmpIsWhole(std::string_view text) {
  if (text.size() < 54) return false;
  const std::size_t start = littleEndian(text, 10);
  if (start > text.size()) return false;
  if (littleEndian(text, 14) < 40 || littleEndian(text, 30) != 0)
    return true;  // other forms: left to the reader
  const auto height = static_cast<std::int32_t>(littleEndian(text, 22));
  const std::size_t rows =
      height < 0 ? 0 - static_cast<std::size_t>(height) : static_cast<std::size_t>(height);
  const std::size_t bits = littleEndian(text, 18) * (littleEndian(text, 28) & 0xffff);
  const std::size_t row = (bits + 31) / 32 * 4;
  return row == 0 || rows <= (text.size() - start) / row;
}

}  // namespace

PictureKind pictureKind(std::span<const std::byte> bytes) {
  for (const Signature& signature : signatures)
    if (asText(bytes).starts_with(signature.start)) return signature.kind;
  return {};
}

bool pictureIsWhole(std::span<const std::byte> bytes, const PictureKind& kind) {
  if (kind.name == "png") return pngIsWhole(asText(bytes));
  if (kind.name == "jpeg") return jpegIsWhole(asText(bytes));
  if (kind.name == "bmp") return bmpIsWhole(asText(bytes));
  return true;
}

}  // namespace lapidary::core
