// SPDX-License-Identifier: GPL-3.0-or-later
// Plain painting: a few hundred rectangles and lines, far below one millisecond.
#include "ui/weights/histogram_item.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

QColor faded(QColor color, double alpha) {
  color.setAlphaF(static_cast<float>(alpha));
  return color;
}

constexpr double outlineWidth = 2;

QColor of(Role role) { return Theme::instance().color(role); }

}  // namespace

HistogramItem::HistogramItem(QGraphicsItem* parent, ToPixel pixelX, ToPixel pixelY)
    : QGraphicsItem(parent), m_pixelX(std::move(pixelX)), m_pixelY(std::move(pixelY)) {
  setZValue(5);
}

void HistogramItem::setPlot(const QRectF& plot) {
  prepareGeometryChange();
  m_plot = plot;
  update();
}

QRectF HistogramItem::boundingRect() const { return m_plot.adjusted(-10, -headRoom, 10, 10); }

double HistogramItem::top(std::int64_t count) const {
  return count <= 0 ? m_plot.bottom()
                    : std::clamp(m_pixelY(static_cast<double>(count)), m_plot.top(), m_plot.bottom());
}

void HistogramItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  if (m_content.original.counts.empty() || m_plot.width() < 10) return;
  painter->setRenderHint(QPainter::Antialiasing);
  paintLevels(*painter);
  paintZone(*painter);
  paintBars(*painter);
  paintCut(*painter);
  if (m_content.editable) paintThresholds(*painter);
  paintLabel(*painter);
}

void HistogramItem::paintZone(QPainter& painter) const {
  if (m_content.threshold <= 0) return;
  const double left = m_pixelX(-m_content.threshold), right = m_pixelX(m_content.threshold);
  painter.fillRect(QRectF(left, m_plot.top(), right - left, m_plot.height()).intersected(m_plot),
                   faded(of(Role::Loss), 0.06));
}

void HistogramItem::paintBars(QPainter& painter) const {
  const Bins& bins = m_content.original;
  const double left = std::round(m_pixelX(-m_content.threshold));
  const double right = std::round(m_pixelX(m_content.threshold));
  const QColor kept = of(Role::Original), pruned = faded(kept, 0.28);
  painter.setRenderHint(QPainter::Antialiasing, false);  // whole pixels: crisp, and many times faster
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    if (bins.counts[i] == 0) continue;
    const double from = std::round(m_pixelX(bins.edge(i))), next = std::round(m_pixelX(bins.edge(i + 1)));
    const double to = next - from > 3 ? next - 1 : next;  // a gap where there is room for one
    const double y = std::round(top(bins.counts[i])), bottom = std::round(m_plot.bottom());
    const auto bar = [&](double a, double b, const QColor& color) {
      if (b > a) painter.fillRect(QRectF(a, y, b - a, bottom - y), color);
    };
    if (m_content.threshold <= 0) {
      bar(from, to, kept);
      continue;
    }
    bar(from, std::min(to, left), kept);
    bar(std::max(from, left), std::min(to, right), pruned);
    bar(std::max(from, right), to, kept);
  }
  painter.setRenderHint(QPainter::Antialiasing);
}

void HistogramItem::paintLevels(QPainter& painter) const {
  for (const double level : m_content.levels.levels) {
    const double x = m_pixelX(level);
    if (x < m_plot.left() - 1 || x > m_plot.right() + 1) continue;
    painter.setPen(QPen(faded(of(Role::Cut), 0.25), 1));
    painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
    painter.setPen(QPen(of(Role::Cut), 2));
    painter.drawLine(QPointF(x, m_plot.bottom() + 1), QPointF(x, m_plot.bottom() + 6));
  }
}

void HistogramItem::paintCut(QPainter& painter) const {
  if (!m_content.showCut) return;
  const Bins& bins = m_content.cut;
  const QColor color = of(Role::Cut);
  painter.setRenderHint(QPainter::Antialiasing, false);
  const double bottom = std::round(m_plot.bottom());
  double before = bottom;
  for (std::size_t i = 0; i <= bins.counts.size(); ++i) {
    const double x = std::round(m_pixelX(bins.edge(i)));
    const double y = i < bins.counts.size() ? std::round(top(bins.counts[i])) : bottom;
    if (y != before)
      painter.fillRect(
          QRectF(x - 1, std::min(y, before) - 1, outlineWidth, std::abs(y - before) + outlineWidth), color);
    if (y < bottom)
      painter.fillRect(
          QRectF(x - 1, y - 1, std::round(m_pixelX(bins.edge(i + 1))) - x + outlineWidth, outlineWidth),
          color);
    before = y;
  }
  painter.setRenderHint(QPainter::Antialiasing);
}

void HistogramItem::paintThresholds(QPainter& painter) const {
  const double handleY = m_plot.top() - handleRadius - 2;
  for (const double value : {-m_content.threshold, m_content.threshold}) {
    const double x = m_pixelX(value);
    painter.setPen(QPen(of(Role::Loss), 2));
    painter.drawLine(QPointF(x, handleY + handleRadius), QPointF(x, m_plot.bottom()));
    painter.setBrush(of(Role::Panel));
    painter.drawEllipse(QPointF(x, handleY), handleRadius, handleRadius);
    if (!m_content.focused) continue;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(of(Role::Cut), 2));
    painter.drawEllipse(QPointF(x, handleY), handleRadius + 3.5, handleRadius + 3.5);
  }
}

void HistogramItem::paintLabel(QPainter& painter) const {
  if (m_content.label.isEmpty()) return;
  painter.setFont(Theme::instance().caption());
  const double width = painter.fontMetrics().horizontalAdvance(m_content.label) + 2.0;
  const double centre = std::clamp(m_pixelX(0), m_plot.left() + width / 2, m_plot.right() - width / 2);
  painter.setPen(of(Role::Loss));
  painter.drawText(QRectF(centre - width / 2, m_plot.top() - headRoom, width, 18), Qt::AlignCenter,
                   m_content.label);
}

}  // namespace lapidary::ui
