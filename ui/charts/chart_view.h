// SPDX-License-Identifier: GPL-3.0-or-later
// A Qt Charts view in the program's looks: calm axes at round numbers, exact values on hover, and a
// context menu that copies the data or saves the picture.
#pragma once

#include <QCategoryAxis>
#include <QChartView>
#include <functional>

#include "ui/charts/chart_export.h"
#include "ui/charts/ticks.h"

namespace lapidary::ui {

/// Axes are linear in plot units: the value itself, or its log10 on a log axis. Series hold plot
/// units: pass what toPlot() gives. Colours that a series takes from the theme are set again on
/// `restyled`.
class ChartView : public QChartView {
  Q_OBJECT

 public:
  explicit ChartView(QWidget* parent = nullptr);

  /// Range in data units; nothing is redrawn if it stays the same.
  void setAxis(Qt::Orientation orientation, double low, double high, AxisScale scale = AxisScale::Linear,
               int wantedTicks = 5, const TickText& text = {});
  /// Grid lines can be had for either axis; both to start with.
  void setGridVisible(Qt::Orientation orientation, bool visible);
  /// Adds the series (taking it over) on both axes.
  void attach(QAbstractSeries* series);

  double toPlot(Qt::Orientation orientation, double value) const;
  double fromPlot(Qt::Orientation orientation, double plotValue) const;
  /// Between data units and pixels of this widget.
  QPointF pixelOf(double x, double y) const;
  QPointF valueAt(const QPointF& pixel) const;
  /// The rectangle in which data is drawn, in pixels of this widget.
  QRectF plotRect() const;

  /// Tells what hovering shows at a position (data units and pixels of this widget); empty: nothing.
  using Hover = std::function<QString(const QPointF& value, const QPointF& pixel)>;
  void setHover(Hover hover) { m_hover = std::move(hover); }
  /// The table that "Copy data" copies; no such entry without it.
  void setDataTable(std::function<DataTable()> table) { m_table = std::move(table); }
  /// Proposed when the picture is saved, without an ending.
  void setFileName(const QString& name) { m_fileName = name; }

 signals:
  void restyled();   ///< the theme changed: colours of series are to be set again
  void plotMoved();  ///< plotRect() or an axis changed

 protected:
  /// The same as pixelOf() and plotRect() in coordinates of the scene, for items drawn into the chart.
  QPointF scenePoint(double x, double y) const;
  QRectF scenePlot() const;

  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  struct Axis {
    QCategoryAxis* axis = nullptr;
    double low = 0, high = 1;
    AxisScale scale = AxisScale::Linear;
    int wanted = 5;
  };
  const Axis& axisOf(Qt::Orientation orientation) const;
  void restyle();

  Axis m_horizontal, m_vertical;
  Hover m_hover;
  std::function<DataTable()> m_table;
  QString m_fileName;
};

}  // namespace lapidary::ui
