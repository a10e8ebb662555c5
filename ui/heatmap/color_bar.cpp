// SPDX-License-Identifier: GPL-3.0-or-later
// A thin strip with its ends and its middle labelled.
#include "ui/heatmap/color_bar.h"

#include <QPainter>
#include <QPainterPath>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

ColorBar::ColorBar(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ColorBar::setScale(const ColorScale& scale, const QString& unit) {
  m_scale = scale;
  m_unit = unit;
  setAccessibleName(tr("Colours from %1 to %2, %3").arg(labels().first(), labels().last(), unit));
  update();
}

QStringList ColorBar::labels() const {
  const QString high = significantText(m_scale.limit);
  switch (m_scale.map) {
    case ColorMap::Diverging:
      return {significantText(-m_scale.limit), QStringLiteral("0"), high};
    case ColorMap::Sequential:
      return {QStringLiteral("0"), significantText(m_scale.limit / 2), high};
    case ColorMap::Mask:
      break;
  }
  return {QStringLiteral("0"), QStringLiteral("1")};
}

void ColorBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& theme = Theme::instance();
  painter.setFont(theme.caption());
  const int unitWidth = m_unit.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(m_unit) + 12;
  const QRectF strip(0.5, 2.5, std::max(40, width() - unitWidth - 1), 8);
  const ColorTable table(m_scale);
  QImage image(257, 1, QImage::Format_RGB32);
  for (int i = 0; i < image.width(); ++i) {
    const double share = i / 256.0;
    const double value = m_scale.map == ColorMap::Diverging ? 2 * share - 1
                         : m_scale.map == ColorMap::Mask    ? (share < 0.5 ? 0 : 1)
                                                            : share;
    image.setPixel(i, 0, table.color(static_cast<float>(value * m_scale.limit)));
  }
  QPainterPath shape;
  shape.addRoundedRect(strip, 2, 2);
  painter.setClipPath(shape);
  painter.drawImage(strip, image);
  painter.setClipping(false);
  painter.setPen(theme.color(Role::Line));
  painter.drawPath(shape);
  painter.setPen(theme.color(Role::Muted));
  const QStringList texts = labels();
  const QRectF line(0, 13, strip.width(), 14);
  for (qsizetype i = 0; i < texts.size(); ++i) {
    const Qt::Alignment side = i == 0                  ? Qt::AlignLeft
                               : i + 1 == texts.size() ? Qt::AlignRight
                                                       : Qt::AlignHCenter;
    painter.drawText(line, static_cast<int>(side | Qt::AlignTop), texts[i]);
  }
  painter.drawText(QRectF(strip.right(), 0, unitWidth, 13), Qt::AlignRight | Qt::AlignVCenter, m_unit);
}

}  // namespace lapidary::ui
