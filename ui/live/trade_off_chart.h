// SPDX-License-Identifier: GPL-3.0-or-later
// Every recipe visited as a point, size against quality or another figure, with the Pareto front; a click
// returns to one.
#pragma once

#include <QLineSeries>
#include <QScatterSeries>

#include "ui/charts/chart_view.h"
#include "ui/document/document.h"
#include "ui/document/visited_recipes.h"

namespace lapidary::ui {

class TradeOffChart : public ChartView {
  Q_OBJECT

 public:
  TradeOffChart(Document& document, VisitedRecipes& visited, QWidget* parent = nullptr);

  /// The point at which a visit is drawn, in pixels of this widget; for tests that click it.
  QPointF pixelOf(std::size_t visit) const;
  /// Sets the figure on the upright axis. Visits that lack it are not drawn until they have it.
  void setVertical(TradeOffAxis axis);
  TradeOffAxis vertical() const { return m_axis; }
  std::size_t unknown() const;  ///< visits that lack it

 signals:
  void verticalChanged(TradeOffAxis axis);

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;

 private:
  void refresh();
  void refreshAxes();
  void restyleSeries();
  double drawnValue(const Visit& visit) const;
  std::optional<std::size_t> visitNear(const QPointF& pixel) const;
  const Visit* searchPointNear(const QPointF& pixel) const;
  QList<QPointF> searchFront() const;
  QString describe(const QPointF& pixel) const;
  DataTable table() const;

  Document& m_document;
  VisitedRecipes& m_visited;
  QScatterSeries *m_points, *m_frontPoints, *m_original, *m_searchPoints;
  QLineSeries *m_front, *m_search;
  double m_low = 0, m_high = 1, m_lowBytes = 1, m_highBytes = 10;
  bool m_hasRange = false;
  TradeOffAxis m_axis = TradeOffAxis::Quality;
};

}  // namespace lapidary::ui
