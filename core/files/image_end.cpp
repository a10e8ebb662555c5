// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/image_end.h"

#include <array>
#include <cstdint>

#include "core/files/byte_order.h"
#include "core/files/path_ending.h"
#include "core/files/picture_chunks.h"
#include "core/files/tiff_directory.h"
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
    Signature{"II*\0"sv, {"tiff"sv, "TIFF"sv}},
    Signature{"MM\0*"sv, {"tiff"sv, "TIFF"sv}},
    Signature{"II+\0"sv, {"tiff"sv, "TIFF"sv}},
    Signature{"MM\0+"sv, {"tiff"sv, "TIFF"sv}},
    Signature{"P1"sv, {"pbm"sv, "PBM"sv}},
    Signature{"P4"sv, {"pbm"sv, "PBM"sv}},
    Signature{"P2"sv, {"pgm"sv, "PGM"sv}},
    Signature{"P5"sv, {"pgm"sv, "PGM"sv}},
    Signature{"P3"sv, {"ppm"sv, "PPM"sv}},
    Signature{"P6"sv, {"ppm"sv, "PPM"sv}},
};

/// Marker segments up to the first scan carry lengths (and may hold a thumbnail with an end of its own);
/// from there on the end-of-image marker cannot stand inside coded data (ITU T.81, B.1.1.5).
bool jpegIsWhole(std::span<const std::byte> bytes) {
  std::size_t scan = 2;
  const bool found = forEachJpegSegment(bytes, [&](int, std::span<const std::byte> content) {
    scan = static_cast<std::size_t>(content.data() + content.size() - bytes.data());
    return true;
  });
  return found && textOf(bytes).find("\xff\xd9"sv, scan) != std::string_view::npos;
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

/// The header of the container tells its length.
bool webpIsWhole(std::span<const std::byte> bytes) {
  return bytes.size() >= 20 && littleEndian(bytes, 4, 4) <= bytes.size() - 8;
}

/// Whether what the directory points to stands in the file.
bool tiffIsWhole(std::span<const std::byte> bytes) {
  constexpr unsigned stripStarts = 273, stripLengths = 279, tileStarts = 324, tileLengths = 325;
  const auto directory = TiffDirectory::read(bytes);
  if (!directory) return false;
  const bool tiled = directory->value(tileStarts).has_value();
  const auto starts = directory->values(tiled ? tileStarts : stripStarts);
  const auto lengths = directory->values(tiled ? tileLengths : stripLengths);
  if (!starts || !lengths || starts->empty() || starts->size() != lengths->size()) return false;
  for (std::size_t i = 0; i < starts->size(); ++i)
    if ((*starts)[i] > bytes.size() || (*lengths)[i] > bytes.size() - (*starts)[i]) return false;
  return true;
}

/// What an ending without its dot names; which endings are data, the table of data formats says.
struct NamedEnding {
  std::string_view ending;
  PictureKind kind;
};
constexpr PictureKind jpegKind{"jpeg"sv, "JPEG"sv}, tiffKind{"tiff"sv, "TIFF"sv},
    webpKind{"webp"sv, "WebP"sv};
constexpr std::array namedEndings{
    NamedEnding{"png"sv, {"png"sv, "PNG"sv}}, NamedEnding{"jpg"sv, jpegKind},
    NamedEnding{"jpeg"sv, jpegKind},          NamedEnding{"jpe"sv, jpegKind},
    NamedEnding{"jfif"sv, jpegKind},          NamedEnding{"webp"sv, webpKind},
    NamedEnding{"tif"sv, tiffKind},           NamedEnding{"tiff"sv, tiffKind},
    NamedEnding{"bmp"sv, {"bmp"sv, "BMP"sv}}, NamedEnding{"gif"sv, {"gif"sv, "GIF"sv}},
    NamedEnding{"pbm"sv, {"pbm"sv, "PBM"sv}}, NamedEnding{"pgm"sv, {"pgm"sv, "PGM"sv}},
    NamedEnding{"ppm"sv, {"ppm"sv, "PPM"sv}}, NamedEnding{"pnm"sv, {"ppm"sv, "PNM"sv}},
};

}  // namespace

PictureKind pictureKindForPath(const std::string& path) {
  const std::string ending = endingOf(path);
  for (const NamedEnding& named : namedEndings)
    if (ending.ends_with(named.ending) && ending.size() == named.ending.size() + 1) return named.kind;
  return {};
}

PictureKind pictureKind(std::span<const std::byte> bytes) {
  for (const Signature& signature : signatures)
    if (textOf(bytes).starts_with(signature.start)) return signature.kind;
  // The container of WebP is that of many things; its name stands behind the length.
  if (bytes.size() >= 12 && textOf(bytes).starts_with("RIFF") && textOf(bytes).substr(8, 4) == "WEBP")
    return webpKind;
  return {};
}

bool pictureIsWhole(std::span<const std::byte> bytes, const PictureKind& kind) {
  if (kind.name == "jpeg") return jpegIsWhole(bytes);
  if (kind.name == "webp") return webpIsWhole(bytes);
  if (kind.name == "tiff") return tiffIsWhole(bytes);
  if (kind.name == "gif") return partsOfGif(bytes).frames > 0;
  if (kind.name == "bmp") return bmpIsWhole(bytes);
  return true;
}

}  // namespace lapidary::core
