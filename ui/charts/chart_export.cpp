// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures go through QSaveFile, so that a full disk leaves the old file whole.
#include "ui/charts/chart_export.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileDialog>
#include <QImage>
#include <QMessageBox>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>

namespace lapidary::ui {
namespace {

QString translated(const char* text) { return QCoreApplication::translate("ChartExport", text); }

QByteArray asPng(QWidget& widget) {
  constexpr double ratio = 2;
  QImage image(widget.size() * ratio, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(ratio);
  image.fill(widget.palette().color(QPalette::Base));
  widget.render(&image, {}, {}, QWidget::DrawChildren);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray asSvg(QWidget& widget) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(widget.size());
  generator.setViewBox(widget.rect());
  QPainter painter(&generator);
  painter.fillRect(widget.rect(), widget.palette().color(QPalette::Base));
  widget.render(&painter, {}, {}, QWidget::DrawChildren);
  painter.end();
  return buffer.data();
}

}  // namespace

QString tableText(const DataTable& table) {
  QString text;
  for (const QStringList& row : table) {
    for (qsizetype i = 0; i < row.size(); ++i) {
      QString cell = row[i];
      cell.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
      text += (i > 0 ? QStringLiteral("\t") : QString()) + cell;
    }
    text += QLatin1Char('\n');
  }
  return text;
}

QString savePicture(QWidget& widget, const QString& path) {
  const bool svg = path.endsWith(QStringLiteral(".svg"), Qt::CaseInsensitive);
  const QByteArray bytes = svg ? asSvg(widget) : asPng(widget);
  QSaveFile file(path);
  if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit()) return {};
  return translated(QT_TRANSLATE_NOOP("ChartExport", "The picture could not be written to %1: %2"))
      .arg(path, file.errorString());
}

void askAndSavePicture(QWidget& widget, const QString& suggestedName) {
  const QString path = QFileDialog::getSaveFileName(
      widget.window(), translated(QT_TRANSLATE_NOOP("ChartExport", "Save picture")), suggestedName,
      translated(QT_TRANSLATE_NOOP("ChartExport", "PNG picture (*.png);;SVG drawing (*.svg)")));
  if (path.isEmpty()) return;
  const QString problem = savePicture(widget, path);
  if (!problem.isEmpty())
    QMessageBox::warning(widget.window(), translated(QT_TRANSLATE_NOOP("ChartExport", "Save picture")),
                         problem);
}

}  // namespace lapidary::ui
