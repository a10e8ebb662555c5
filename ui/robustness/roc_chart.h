// SPDX-License-Identifier: GPL-3.0-or-later
// How many attacked inputs a detector catches against how many clean ones it calls suspicious.
#pragma once

#include <QLineSeries>
#include <array>

#include "core/robust/detector_report.h"
#include "ui/charts/chart_view.h"

namespace lapidary::ui {

class RocChart : public ChartView {
  Q_OBJECT

 public:
  explicit RocChart(QWidget* parent = nullptr);

  /// One curve a score.
  void show(const std::vector<core::DetectorCurve>& curves);

 private:
  void restyle();
  DataTable table() const;

  std::array<QLineSeries*, core::detectorScores.size()> m_lines;
  QLineSeries* m_chance;
  std::vector<core::DetectorCurve> m_curves;
};

}  // namespace lapidary::ui
