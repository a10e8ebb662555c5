// SPDX-License-Identifier: GPL-3.0-or-later
// Loss and accuracy of a training while it runs, and which epoch was best.
#pragma once

#include <QLineSeries>
#include <QScatterSeries>
#include <QWidget>
#include <utility>
#include <vector>

#include "core/finetune/validation.h"
#include "ui/charts/chart_view.h"

class QLabel;

namespace lapidary::ui {

class RepairCharts : public QWidget {
  Q_OBJECT

 public:
  explicit RepairCharts(QWidget* parent = nullptr);

  /// An empty pair of charts over so many epochs; `quality` names what is measured on the validation samples.
  void begin(std::size_t epochs, const QString& quality);
  /// The loss of a few steps, at the position of the last among the epochs.
  void addStep(double epoch, double loss);
  void addEpoch(const core::TrainedEpoch& epoch);

  const std::vector<core::TrainedEpoch>& epochs() const { return m_epochs; }
  /// Index of the best epoch so far: 0 is the cut before it.
  std::size_t best() const;
  ChartView* loss() const { return m_loss; }
  ChartView* quality() const { return m_quality; }
  /// Points drawn of the steps, for tests.
  int steps() const { return m_stepLine->count(); }

 private:
  void addChart(ChartView* chart, QLabel* caption);
  void restyleSeries();
  void refresh();
  void scaleLoss();
  std::pair<double, double> qualityRange() const;
  void scaleQuality();
  QString describe(double epoch) const;
  DataTable table() const;

  std::vector<core::TrainedEpoch> m_epochs;
  std::size_t m_planned = 1;
  QString m_qualityName;
  QLabel *m_lossCaption, *m_qualityCaption;
  ChartView *m_loss, *m_quality;
  QLineSeries *m_stepLine, *m_lossLine, *m_qualityLine, *m_bestLine;
  QScatterSeries *m_lossPoints, *m_qualityPoints;
};

}  // namespace lapidary::ui
