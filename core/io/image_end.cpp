#include "core/io/image_end.h"

#include <array>

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

/// Chunks are length (4 bytes, big-endian), type, data, CRC; the last is IEND.
bool pngIsWhole(std::string_view text) {
  std::size_t at = 8;
  while (text.size() >= at + 12) {
    const std::size_t length = byteAt(text, at) << 24 | byteAt(text, at + 1) << 16 |
                               byteAt(text, at + 2) << 8 | byteAt(text, at + 3);
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

}  // namespace

PictureKind pictureKind(std::span<const std::byte> bytes) {
  for (const Signature& signature : signatures)
    if (asText(bytes).starts_with(signature.start)) return signature.kind;
  return {};
}

bool pictureIsWhole(std::span<const std::byte> bytes, const PictureKind& kind) {
  if (kind.name == "png") return pngIsWhole(asText(bytes));
  if (kind.name == "jpeg") return jpegIsWhole(asText(bytes));
  return true;
}

}  // namespace lapidary::core
