// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures through libpng and, other kinds, through Qt Gui's readers, which need no running application.
#include "core/files/image.h"

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
#include "core/files/png.h"
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

Picture fromImage(QImage image) {
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

Picture decodeByQt(std::span<const std::byte> bytes, const PictureKind& kind) {
  silenceReaders();
  const std::string title(kind.title);
  if (!pictureIsWhole(bytes, kind))
    throw invalidInput("damaged " + title + " picture: bytes are missing or wrong");
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
    throw invalidInput("damaged " + title + " picture: " + reader.errorString().toLower().toStdString());
  return fromImage(std::move(image));
}

}  // namespace

Picture decodePicture(const Bytes& bytes) {
  const PictureKind kind = pictureKind(bytes.view);
  if (kind.name.empty())
    throw invalidInput("not a picture that can be read: PNG, JPEG, BMP, GIF or PNM expected");
  return overWhite(kind.name == "png" ? decodePng(bytes.view, pixelsAllowed) : decodeByQt(bytes.view, kind));
}

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
