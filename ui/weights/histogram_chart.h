// SPDX-License-Identifier: GPL-3.0-or-later
// The distribution of a layer's weights, with the pruning threshold as two lines that can be dragged.
#pragma once

#include <QTimer>

#include "ui/charts/chart_view.h"
#include "ui/weights/histogram.h"

namespace lapidary::ui {

class HistogramItem;

/// Keys while focused: left and right move the threshold by a two-hundredth of the range, page up and
/// down by a twentieth, home to zero. A run of keys is one drag.
class HistogramChart : public ChartView {
  Q_OBJECT

 public:
  explicit HistogramChart(QWidget* parent = nullptr);

  /// Sets the axes; they stay until the next call.
  void setOriginal(const Bins& bins);
  void setCut(const Bins& bins, bool show);
  /// `label` stands above the lines and says what the threshold does.
  void setThreshold(double threshold, const QString& label);
  double threshold() const;
  void setLevels(const LevelGrid& levels);
  void setLogarithmic(bool logarithmic);
  bool logarithmic() const { return m_logarithmic; }
  void setEditable(bool editable);

 signals:
  void dragStarted();
  void thresholdDragged(double threshold);  ///< magnitude, at least 0
  void dragFinished();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  bool nearLine(QPointF pixel) const;
  void dragTo(double threshold);
  void endKeys();
  void setAxes();
  void layOut();
  QString hoverText(double value) const;
  DataTable dataTable() const;

  HistogramItem* m_item;
  bool m_logarithmic = true;
  bool m_dragging = false;
  QTimer m_keysEnd;
};

}  // namespace lapidary::ui
