// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of the icon are those of its drawing, and each of them is installed.
#include <gmock/gmock.h>

#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <cstdlib>

#include "tests/packaging/text_files.h"

namespace lapidary::test {
namespace {

QString iconFile(const std::string& name) {
  return QString::fromStdString(LAPIDARY_SOURCE_DIR "/resources/icons/" + name);
}

QImage drawn(int size) {
  QSvgRenderer drawing(iconFile("lapidary.svg"));
  QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  drawing.render(&painter);
  return image;
}

/// From 0 to 255; two programs that draw the same smooth their edges in different ways.
double meanDifference(const QImage& one, const QImage& other) {
  qint64 sum = 0;
  for (int y = 0; y < one.height(); ++y)
    for (int x = 0; x < one.bytesPerLine(); ++x)
      sum += std::abs(int{one.constScanLine(y)[x]} - int{other.constScanLine(y)[x]});
  return static_cast<double>(sum) / static_cast<double>(one.sizeInBytes());
}

TEST(Icons, PicturesAreThoseOfTheDrawing) {
  for (const int size : {16, 22, 24, 32, 48, 64, 128, 256, 512}) {
    QImage picture(iconFile("sizes/lapidary-" + std::to_string(size) + ".png"));
    ASSERT_EQ(picture.size(), QSize(size, size)) << "run packaging/icons.sh";
    picture.convertTo(QImage::Format_ARGB32_Premultiplied);
    EXPECT_LT(meanDifference(picture, drawn(size)), 0.6) << size << ": run packaging/icons.sh";
  }
}

TEST(Icons, EachIsDrawnAndInstalled) {
  const std::string sizes = "16 22 24 32 48 64 128 256 512";
  EXPECT_NE(textOf("packaging/CMakeLists.txt").find("foreach(size " + sizes + ")"), std::string::npos);
  EXPECT_NE(textOf("packaging/icons.sh").find("for size in " + sizes + ";"), std::string::npos);
}

}  // namespace
}  // namespace lapidary::test
