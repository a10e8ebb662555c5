// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures through libpng and, other kinds, through Qt Gui's readers, which need no running application.
#include "core/files/image.h"

#include <dlfcn.h>

#include <QtCore/QBuffer>
#include <QtCore/QByteArray>
#include <QtCore/QLoggingCategory>
#include <QtGui/QImage>
#include <QtGui/QImageReader>
#include <algorithm>
#include <cstring>
#include <mutex>
#include <string_view>

#include "core/files/image_end.h"
#include "core/files/orientation.h"
#include "core/files/png.h"
#include "core/files/tiff_directory.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t pixelsAllowed = 64LL << 20;

/// Readers tell standard error what they think of damaged files; the core never prints.
void silenceReaders() {
  static std::once_flag once;
  std::call_once(once, [] {
    static QLoggingCategory::CategoryFilter earlier = nullptr;
    earlier = QLoggingCategory::installFilter([](QLoggingCategory* category) {
      if (earlier != nullptr) earlier(category);
      const std::string_view name = category->categoryName();
      if (!name.starts_with("qt.gui.imageio") && name != "qt.gui.icc") return;  // the latter: colour profiles
      for (const QtMsgType type : {QtInfoMsg, QtWarningMsg}) category->setEnabled(type, false);
    });
  });
}

/// Blends what is transparent over white, as a page under the picture.
Picture overWhite(Picture picture) {
  if (picture.channels != 4) return picture;
  Picture blended{picture.width, picture.height, 3, {}};
  blended.pixels.reserve(picture.pixels.size() / 4 * 3);
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4) {
    const int alpha = picture.pixels[i + 3];
    for (std::size_t c = 0; c < 3; ++c)
      blended.pixels.push_back(
          static_cast<std::uint8_t>((picture.pixels[i + c] * alpha + 255 * (255 - alpha) + 127) / 255));
  }
  return blended;
}

Picture withoutAlpha(Picture picture) {
  Picture opaque{picture.width, picture.height, 3, {}};
  opaque.pixels.reserve(picture.pixels.size() / 4 * 3);
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4)
    for (std::size_t c = 0; c < 3; ++c) opaque.pixels.push_back(picture.pixels[i + c]);
  return opaque;
}

Picture fromRows(const QImage& image, int channels) {
  Picture picture{image.width(), image.height(), channels, {}};
  const std::size_t row = static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(channels);
  picture.pixels.resize(row * static_cast<std::size_t>(image.height()));
  for (int y = 0; y < image.height(); ++y)
    std::memcpy(picture.pixels.data() + row * static_cast<std::size_t>(y), image.constScanLine(y), row);
  return picture;
}

bool isGray(const QImage& image) {
  if (image.format() == QImage::Format_Grayscale8 || image.format() == QImage::Format_Grayscale16)
    return true;
  const QList<QRgb> colours = image.colorTable();
  return !colours.empty() && !image.hasAlphaChannel() && std::all_of(colours.begin(), colours.end(), qIsGray);
}

/// Of 16 bits to 8, as libpng does it.
Picture fromDeepRows(const QImage& image, int channels) {
  Picture picture{image.width(), image.height(), channels, {}};
  const std::size_t row = static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(channels);
  picture.pixels.reserve(row * static_cast<std::size_t>(image.height()));
  for (int y = 0; y < image.height(); ++y) {
    const auto* from = reinterpret_cast<const std::uint16_t*>(image.constScanLine(y));
    for (std::size_t i = 0; i < row; ++i)
      picture.pixels.push_back(static_cast<std::uint8_t>((from[i] * 255u + 32895u) >> 16));
  }
  return picture;
}

bool isDeep(const QImage& image) { return image.depth() == 64; }

Picture fromImage(QImage image) {
  if (image.format() == QImage::Format_Grayscale16) return fromDeepRows(image, 1);
  if (isDeep(image)) {
    const bool clear = image.hasAlphaChannel();
    Picture picture = fromDeepRows(std::move(image).convertToFormat(QImage::Format_RGBA64), 4);
    return clear ? picture : withoutAlpha(std::move(picture));
  }
  if (isGray(image)) return fromRows(std::move(image).convertToFormat(QImage::Format_Grayscale8), 1);
  if (image.hasAlphaChannel()) return fromRows(std::move(image).convertToFormat(QImage::Format_RGBA8888), 4);
  return fromRows(std::move(image).convertToFormat(QImage::Format_RGB888), 3);
}

QImage::Format formatFor(int channels) {
  return channels == 1   ? QImage::Format_Grayscale8
         : channels == 3 ? QImage::Format_RGB888
                         : QImage::Format_RGBA8888;
}

std::string sizeText(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

/// Of strips and tiles, which a reader may make whole before it looks at the picture's size.
void requireBoundedTiff(std::span<const std::byte> bytes) {
  constexpr unsigned wide = 256, high = 257, bits = 258, samples = 277, tileWide = 322, tileHigh = 323,
                     sampleFormat = 339;
  const auto directory = TiffDirectory::read(bytes);
  const auto number = [&](unsigned tag) {
    return std::min<std::uint64_t>(directory->value(tag).value_or(1), 1u << 31);
  };
  if (number(sampleFormat) != 1 || number(bits) > 16)
    throw invalidInput("TIFF picture of " + std::to_string(number(bits)) +
                       "-bit numbers, whole ones of 8 or 16 bits expected; give an npz of them");
  const double depth = static_cast<double>(number(bits)) / 8 * static_cast<double>(number(samples));
  for (const auto& [width, height] : {std::pair(wide, high), std::pair(tileWide, tileHigh)})
    if (static_cast<double>(number(width)) * static_cast<double>(number(height)) * depth >
        static_cast<double>(pixelsAllowed) * 8)
      throw invalidInput("TIFF picture of " + std::to_string(number(width)) + "x" +
                         std::to_string(number(height)) + " pixels of " + std::to_string(number(samples)) +
                         " channels, at most 64 megapixels are allowed");
}

/// libtiff tells standard error what it thinks of a file, unless its handlers are taken away. Qt's plugin
/// alone is linked to it: where that is there, so is the library, which is looked up by the names of its
/// versions.
void silenceTiff() {
  static std::once_flag once;
  std::call_once(once, [] {
    for (const char* library : {"libtiff.so.6", "libtiff.so.5"})
      if (void* tiff = dlopen(library, RTLD_LAZY))
        for (const char* setter : {"TIFFSetErrorHandler", "TIFFSetWarningHandler"})
          if (void* found = dlsym(tiff, setter)) reinterpret_cast<void* (*)(void*)>(found)(nullptr);
  });
}

const std::vector<std::string>& installedReaders() {
  static const std::vector<std::string> readers = [] {
    std::vector<std::string> names;
    for (const QByteArray& name : QImageReader::supportedImageFormats()) names.push_back(name.toStdString());
    return names;
  }();
  return readers;
}

bool hasReader(std::string_view kind, std::span<const std::string> readers) {
  return kind == "png" || std::ranges::find(readers, kind) != readers.end();
}

void requireReader(const PictureKind& kind) {
  if (hasReader(kind.name, installedReaders())) return;
  throw Error(ErrorKind::Unsupported,
              std::string(kind.title) +
                  " pictures are read by a plugin of Qt that is not installed: install Debian's "
                  "qt6-image-formats-plugins, or convert them to PNG");
}

Picture decodeByQt(std::span<const std::byte> bytes, const PictureKind& kind) {
  silenceReaders();
  const std::string title(kind.title);
  requireReader(kind);
  if (!pictureIsWhole(bytes, kind))
    throw invalidInput("damaged " + title + " picture: bytes are missing or wrong");
  if (kind.name == "tiff") requireBoundedTiff(bytes), silenceTiff();
  QByteArray content = QByteArray::fromRawData(reinterpret_cast<const char*>(bytes.data()),
                                               static_cast<qsizetype>(bytes.size()));
  QBuffer buffer(&content);
  buffer.open(QIODevice::ReadOnly);
  QImageReader reader(&buffer, QByteArray(kind.name.data(), static_cast<qsizetype>(kind.name.size())));
  reader.setAutoDetectImageFormat(false);
  const QSize size = reader.size();
  if (!size.isValid() || size.isEmpty())
    throw invalidInput("damaged " + title + " picture: its header cannot be read");
  if (static_cast<std::int64_t>(size.width()) * size.height() > pixelsAllowed)
    throw invalidInput(title + " picture of " + sizeText(size.width(), size.height()) +
                       " pixels, at most 64 megapixels are allowed");
  QImage image = reader.read();
  if (image.isNull())
    throw invalidInput("damaged " + title + " picture, or one of an unusual form: " +
                       reader.errorString().toLower().toStdString());
  return fromImage(std::move(image));
}

}  // namespace

Picture decodePicture(const Bytes& bytes) {
  const PictureKind kind = pictureKind(bytes.view);
  if (kind.name.empty())
    throw invalidInput("not a picture that can be read: " + std::string(pictureTitles) + " expected");
  Picture picture =
      overWhite(kind.name == "png" ? decodePng(bytes.view, pixelsAllowed) : decodeByQt(bytes.view, kind));
  return turned(std::move(picture), orientationOf(bytes.view, kind));
}

std::string_view unreadableKind(const std::string& path, std::span<const std::string> readers) {
  const PictureKind kind = pictureKindForPath(path);
  return kind.name.empty() || hasReader(kind.name, readers) ? std::string_view() : kind.title;
}

std::string_view unreadableKind(const std::string& path) { return unreadableKind(path, installedReaders()); }

std::vector<std::byte> encodePng(const Picture& picture) {
  const auto row = static_cast<qsizetype>(picture.width) * picture.channels;
  if (picture.width <= 0 || picture.height <= 0 ||
      picture.pixels.size() != static_cast<std::size_t>(row * picture.height))
    throw invalidInput("a picture of " + sizeText(picture.width, picture.height) + " with " +
                       std::to_string(picture.channels) + " channels has " +
                       std::to_string(picture.pixels.size()) + " pixel bytes");
  const QImage image(picture.pixels.data(), picture.width, picture.height, row, formatFor(picture.channels));
  QByteArray content;
  QBuffer buffer(&content);
  buffer.open(QIODevice::WriteOnly);
  if (!image.save(&buffer, "PNG")) throw Error(ErrorKind::CannotWrite, "cannot encode a PNG picture");
  const auto* first = reinterpret_cast<const std::byte*>(content.constData());
  return {first, first + content.size()};
}

}  // namespace lapidary::core
