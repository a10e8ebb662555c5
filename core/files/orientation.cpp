// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/orientation.h"

#include "core/files/picture_chunks.h"
#include "core/files/tiff_directory.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using namespace std::string_view_literals;

constexpr unsigned orientationTag = 0x0112;
constexpr std::string_view exifName = "Exif\0\0"sv;

int orientationIn(std::span<const std::byte> exif) {
  const auto directory = TiffDirectory::read(exif);
  const auto value = directory ? directory->value(orientationTag) : std::nullopt;
  return value && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
}

std::span<const std::byte> withoutName(std::span<const std::byte> exif) {
  return textOf(exif).starts_with(exifName) ? exif.subspan(exifName.size()) : exif;
}

int orientationOfJpeg(std::span<const std::byte> bytes) {
  int found = 1;
  forEachJpegSegment(bytes, [&](int marker, std::span<const std::byte> content) {
    if (marker != 0xe1 || !textOf(content).starts_with(exifName)) return true;
    found = orientationIn(withoutName(content));
    return false;
  });
  return found;
}

/// The first chunk of that name.
template <class ForEach>
int orientationOfChunk(std::span<const std::byte> bytes, std::string_view wanted, ForEach&& forEach) {
  int found = 1;
  forEach(bytes, [&](std::string_view name, std::span<const std::byte> content) {
    if (name != wanted) return true;
    found = orientationIn(withoutName(content));
    return false;
  });
  return found;
}

}  // namespace

int orientationOf(std::span<const std::byte> bytes, const PictureKind& kind) {
  if (kind.name == "jpeg") return orientationOfJpeg(bytes);
  if (kind.name == "tiff") return orientationIn(bytes);
  if (kind.name == "png") return orientationOfChunk(bytes, "eXIf", forEachPngChunk);
  if (kind.name == "webp") return orientationOfChunk(bytes, "EXIF", forEachWebpChunk);
  return 1;
}

Picture turned(Picture picture, int orientation) {
  if (orientation <= 1 || orientation > 8) return picture;
  const bool swapped = orientation >= 5;
  // Whether a step along the source's axes goes backwards.
  const bool left = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool up = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture made{swapped ? picture.height : picture.width,
               swapped ? picture.width : picture.height,
               picture.channels,
               {}};
  made.pixels.resize(picture.pixels.size());
  const auto channels = static_cast<std::size_t>(picture.channels);
  const auto width = static_cast<std::size_t>(picture.width),
             height = static_cast<std::size_t>(picture.height);
  std::uint8_t* out = made.pixels.data();
  for (std::size_t y = 0; y < static_cast<std::size_t>(made.height); ++y)
    for (std::size_t x = 0; x < static_cast<std::size_t>(made.width); ++x) {
      const std::size_t column = swapped ? y : x, row = swapped ? x : y;
      const std::size_t from =
          ((up ? height - 1 - row : row) * width + (left ? width - 1 - column : column)) * channels;
      for (std::size_t c = 0; c < channels; ++c) *out++ = picture.pixels[from + c];
    }
  return made;
}

}  // namespace lapidary::core
