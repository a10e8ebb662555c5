// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing within the distribution chart: bars, the cut's outline, the grid of levels, the thresholds.
#pragma once

#include <QGraphicsItem>
#include <functional>

#include "ui/weights/histogram.h"

namespace lapidary::ui {

/// The histogram that is drawn. Positions come from `pixelX` and `pixelY`, in scene pixels.
struct HistogramContent {
  Bins original, cut;
  bool showCut = false;
  double threshold = 0;
  LevelGrid levels;
  QString label;         ///< above the thresholds
  bool editable = true;  ///< thresholds are drawn with handles
  bool focused = false;
};

class HistogramItem : public QGraphicsItem {
 public:
  using ToPixel = std::function<double(double)>;
  HistogramItem(QGraphicsItem* parent, ToPixel pixelX, ToPixel pixelY);

  HistogramContent& content() { return m_content; }
  /// In scene pixels: the plot; the handles and the label stand above it.
  void setPlot(const QRectF& plot);
  void refresh() { update(); }

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

  static constexpr double handleRadius = 6;
  static constexpr double headRoom = 38;  ///< pixels above the plot for handles and label

 private:
  void paintZone(QPainter& painter) const;
  void paintBars(QPainter& painter) const;
  void paintLevels(QPainter& painter) const;
  void paintCut(QPainter& painter) const;
  void paintThresholds(QPainter& painter) const;
  void paintLabel(QPainter& painter) const;
  double top(std::int64_t count) const;

  ToPixel m_pixelX, m_pixelY;
  QRectF m_plot;
  HistogramContent m_content;
};

}  // namespace lapidary::ui
