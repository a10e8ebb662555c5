// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as a picture: pan by dragging, zoom by the wheel, the cell under the cursor framed.
#pragma once

#include <QImage>
#include <QWidget>
#include <memory>

#include "ui/heatmap/color_scale.h"
#include "ui/heatmap/map_pyramid.h"
#include "ui/heatmap/map_viewport.h"

namespace lapidary::ui {

/// Keys: arrows move the framed cell, + and - zoom, 0 fits. Panels that share a viewport move together.
class ImageMap : public QWidget {
  Q_OBJECT

 public:
  /// The viewport is not owned and outlives this.
  explicit ImageMap(MapViewport& viewport, QWidget* parent = nullptr);

  /// Null: the placeholder is shown instead.
  void setMap(std::shared_ptr<const MapPyramid> map, const ColorScale& scale);
  const MapPyramid* map() const { return m_map.get(); }
  /// A picture under the map, stretched over all cells; the map is drawn over it with `opacity`.
  void setUnderlay(const QImage& picture, double opacity);
  void setCaption(const QString& caption);  ///< one line above
  void setPlaceholder(const QString& text);
  void setDimmed(bool dimmed);  ///< what is shown is old

  QSize sizeHint() const override { return {240, 220}; }
  QSize minimumSizeHint() const override { return {80, 80}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  QRect mapArea() const;
  QRectF contentArea() const;
  void refresh();
  QImage render() const;
  void paintMap(QPainter& painter);
  void paintCaption(QPainter& painter) const;
  void hoverAt(QPointF position);

  MapViewport& m_viewport;
  std::shared_ptr<const MapPyramid> m_map;
  ColorScale m_scale;
  QImage m_underlay;
  double m_opacity = 1;
  QString m_caption, m_placeholder;
  bool m_dimmed = false;
  QImage m_rendered;  ///< null: to be made
  QPointF m_grabbed;
  bool m_panning = false;
};

}  // namespace lapidary::ui
