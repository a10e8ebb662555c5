// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/picture_form.h"

#include "core/files/byte_order.h"
#include "core/files/image_end.h"
#include "core/files/picture_chunks.h"
#include "core/files/tiff_directory.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;

int byteIn(View bytes, std::size_t at) { return at < bytes.size() ? std::to_integer<int>(bytes[at]) : 0; }

PictureForm formOfPng(View bytes) {
  PictureForm form;
  forEachPngChunk(bytes, [&](std::string_view name, View content) {
    if (name == "IHDR") {
      form.bits = byteIn(content, 8);
      form.transparent = (byteIn(content, 9) & 4) != 0;
    } else if (name == "tRNS") {
      form.transparent = true;
    } else if (name == "acTL") {
      form.moreFrames = content.size() >= 4 && bigEndian(content, 0, 4) > 1;
    }
    return name != "IDAT";
  });
  return form;
}

/// The frame's header (ITU T.81, B.2.2) says bits and components; three markers of its range are others.
bool isFrame(int marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

PictureForm formOfJpeg(View bytes) {
  PictureForm form;
  forEachJpegSegment(bytes, [&](int marker, View content) {
    if (!isFrame(marker)) return true;
    form.bits = byteIn(content, 0);
    form.inks = byteIn(content, 5) == 4;
    return false;
  });
  return form;
}

PictureForm formOfWebp(View bytes) {
  PictureForm form;
  forEachWebpChunk(bytes, [&](std::string_view name, View content) {
    if (name == "VP8X") {
      form.transparent = (byteIn(content, 0) & 0x10) != 0;
      form.moreFrames = (byteIn(content, 0) & 0x02) != 0;
    } else if (name == "VP8L") {
      form.transparent = (byteIn(content, 4) & 0x10) != 0;
    }
    return false;
  });
  return form;
}

PictureForm formOfTiff(View bytes) {
  constexpr unsigned bits = 258, photometric = 262, extraSamples = 338, separated = 5;
  PictureForm form;
  const auto directory = TiffDirectory::read(bytes);
  if (!directory) return form;
  form.bits = static_cast<int>(std::min<std::uint64_t>(directory->value(bits).value_or(1), 64));
  form.inks = directory->value(photometric) == separated;
  const auto extra = directory->value(extraSamples);
  form.transparent = extra && *extra > 0;
  form.moreFrames = directory->hasNext();
  return form;
}

/// The largest value is the third number of the header; comments may stand between.
PictureForm formOfPnm(View bytes) {
  const std::string_view text = textOf(bytes);
  if (text[1] == '1' || text[1] == '4') return {};
  std::size_t at = 2;
  unsigned value = 0;
  for (int count = 0; count < 3;) {
    while (at < text.size() && (text[at] < '0' || text[at] > '9')) {
      if (text[at] == '#') at = std::min(text.find('\n', at), text.size() - 1);
      ++at;
    }
    if (at >= text.size()) return {};
    for (value = 0; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
      value = std::min(value * 10 + static_cast<unsigned>(text[at] - '0'), 1u << 20);
    ++count;
  }
  PictureForm form;
  form.bits = value > 255 ? 16 : 8;
  return form;
}

}  // namespace

PictureForm pictureForm(const Bytes& bytes) {
  const std::string_view kind = pictureKind(bytes.view).name;
  if (kind == "png") return formOfPng(bytes.view);
  if (kind == "jpeg") return formOfJpeg(bytes.view);
  if (kind == "webp") return formOfWebp(bytes.view);
  if (kind == "tiff") return formOfTiff(bytes.view);
  if (kind == "pgm" || kind == "ppm" || kind == "pbm") return formOfPnm(bytes.view);
  if (kind != "gif") return {};
  const GifParts parts = partsOfGif(bytes.view);
  return {8, parts.transparent, false, parts.frames > 1};
}

}  // namespace lapidary::core
