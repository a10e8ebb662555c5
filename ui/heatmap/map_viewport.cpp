// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of panning and zooming.
#include "ui/heatmap/map_viewport.h"

#include <algorithm>
#include <cmath>

namespace lapidary::ui {
namespace {

/// Zooming ends where a cell is this large, in pixels, or at four times the whole.
constexpr double largestCell = 96;

}  // namespace

void MapViewport::setContent(QSize cells, bool stretch) {
  cells = cells.expandedTo({1, 1});
  if (cells == m_cells && stretch == m_stretch) return;
  m_cells = cells;
  m_stretch = stretch;
  setHovered({-1, -1});
  fit();
}

void MapViewport::setPanel(QSizeF pixels) {
  pixels = pixels.expandedTo({1, 1});
  if (pixels == m_panel) return;
  m_panel = pixels;
  keepInside();
  emit changed();
}

QSizeF MapViewport::fitScale() const {
  const double x = m_panel.width() / m_cells.width(), y = m_panel.height() / m_cells.height();
  return m_stretch ? QSizeF(x, y) : QSizeF(std::min(x, y), std::min(x, y));
}

QSizeF MapViewport::cellSize() const { return fitScale() * m_zoom; }

QPointF MapViewport::toPixel(QPointF cell) const {
  const QSizeF size = cellSize();
  return {(cell.x() - m_origin.x()) * size.width(), (cell.y() - m_origin.y()) * size.height()};
}

QPointF MapViewport::toCell(QPointF pixel) const {
  const QSizeF size = cellSize();
  return {m_origin.x() + pixel.x() / size.width(), m_origin.y() + pixel.y() / size.height()};
}

QRectF MapViewport::shown() const {
  const QSizeF size = cellSize();
  return {m_origin, QSizeF(m_panel.width() / size.width(), m_panel.height() / size.height())};
}

void MapViewport::zoomBy(double factor, QPointF pixel) {
  const QPointF anchor = toCell(pixel);
  const QSizeF whole = fitScale();
  const double most = std::max(4.0, largestCell / std::min(whole.width(), whole.height()));
  m_zoom = std::clamp(m_zoom * factor, 1.0, most);
  const QSizeF size = cellSize();
  m_origin = {anchor.x() - pixel.x() / size.width(), anchor.y() - pixel.y() / size.height()};
  keepInside();
  emit changed();
}

void MapViewport::panBy(QPointF pixels) {
  const QSizeF size = cellSize();
  m_origin -= QPointF(pixels.x() / size.width(), pixels.y() / size.height());
  keepInside();
  emit changed();
}

void MapViewport::fit() {
  m_zoom = 1;
  m_origin = {};
  emit changed();
}

void MapViewport::keepInside() {
  const QRectF part = shown();
  m_origin.setX(std::clamp(m_origin.x(), 0.0, std::max(0.0, m_cells.width() - part.width())));
  m_origin.setY(std::clamp(m_origin.y(), 0.0, std::max(0.0, m_cells.height() - part.height())));
}

void MapViewport::setHovered(QPoint cell) {
  if (!QRect(QPoint(0, 0), m_cells).contains(cell)) cell = {-1, -1};
  if (cell == m_hovered) return;
  m_hovered = cell;
  emit hoveredChanged();
}

void MapViewport::moveHovered(int columns, int rows) {
  QPoint cell = m_hovered.x() < 0 ? toCell({0, 0}).toPoint() : m_hovered + QPoint(columns, rows);
  cell.setX(std::clamp(cell.x(), 0, m_cells.width() - 1));
  cell.setY(std::clamp(cell.y(), 0, m_cells.height() - 1));
  setHovered(cell);
  const QRectF part = shown();
  if (cell.x() < part.left()) m_origin.setX(cell.x());
  if (cell.y() < part.top()) m_origin.setY(cell.y());
  if (cell.x() + 1 > part.right()) m_origin.setX(cell.x() + 1 - part.width());
  if (cell.y() + 1 > part.bottom()) m_origin.setY(cell.y() + 1 - part.height());
  keepInside();
  emit changed();
}

}  // namespace lapidary::ui
