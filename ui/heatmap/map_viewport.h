// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a map that is looked at: shared by panels that pan and zoom together.
#pragma once

#include <QObject>
#include <QPoint>
#include <QRectF>
#include <QSize>

namespace lapidary::ui {

/// Zoom 1 shows the whole map. Content stays at the top left and never leaves the panel.
class MapViewport : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// Cells of the map; `stretch` fills the panel with oblong cells at zoom 1. Keeps pan and zoom if
  /// nothing changed.
  void setContent(QSize cells, bool stretch);
  /// Of one panel, in pixels; all panels have the same.
  void setPanel(QSizeF pixels);

  QSize content() const { return m_cells; }
  double zoom() const { return m_zoom; }
  /// Pixels of one cell.
  QSizeF cellSize() const;
  QPointF toPixel(QPointF cell) const;
  QPointF toCell(QPointF pixel) const;
  /// The cells in the panel; may reach beyond the map at its right and bottom.
  QRectF shown() const;

  /// Keeps the cell under `pixel` in place.
  void zoomBy(double factor, QPointF pixel);
  void panBy(QPointF pixels);
  void fit();

  /// The cell under the cursor in any of the panels; (-1, -1): none.
  QPoint hovered() const { return m_hovered; }
  void setHovered(QPoint cell);
  /// Moves the hovered cell and scrolls so that it can be seen.
  void moveHovered(int columns, int rows);

 signals:
  void changed();
  void hoveredChanged();

 private:
  void keepInside();
  QSizeF fitScale() const;

  QSize m_cells{1, 1};
  bool m_stretch = false;
  QSizeF m_panel{1, 1};
  double m_zoom = 1;
  QPointF m_origin;  ///< the cell at the panel's top left
  QPoint m_hovered{-1, -1};
};

}  // namespace lapidary::ui
