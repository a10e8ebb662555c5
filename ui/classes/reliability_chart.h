// SPDX-License-Identifier: GPL-3.0-or-later
// The reliability diagram: how often answers are right against how sure the model was of them.
#pragma once

#include <QScatterSeries>
#include <memory>

#include "core/analyze/changes/comparison.h"
#include "ui/charts/chart_view.h"

namespace lapidary::ui {

/// Bins of the original in slate, of the cut in jade, each with the interval of its share; the dashed
/// diagonal is where probabilities are what they say.
class ReliabilityChart : public ChartView {
  Q_OBJECT

 public:
  explicit ReliabilityChart(QWidget* parent = nullptr);

  /// Null, or without labels: the diagonal alone.
  void setComparison(std::shared_ptr<const core::Comparison> comparison);
  /// Bins with samples that are drawn of the cut; for tests.
  int bins() const;

 protected:
  void drawForeground(QPainter* painter, const QRectF& rect) override;

 private:
  void restyleSeries();
  QString describe(const QPointF& pixel) const;
  DataTable table() const;
  void drawBins(QPainter& painter, const core::Reliability& reliability, const QColor& color) const;

  QScatterSeries *m_original, *m_cut;
  std::shared_ptr<const core::Comparison> m_comparison;
};

}  // namespace lapidary::ui
