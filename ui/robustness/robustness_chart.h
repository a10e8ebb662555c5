// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy against the strength of an attack, original and cut, each with its interval.
#pragma once

#include <QAreaSeries>
#include <QLineSeries>
#include <QScatterSeries>
#include <array>
#include <optional>

#include "core/robust/robustness.h"
#include "ui/charts/chart_view.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

class RobustnessChart : public ChartView {
  Q_OBJECT

 public:
  explicit RobustnessChart(QWidget* parent = nullptr);

  /// The rows of one method; what was measured of it.
  void show(const core::RobustnessReport& report, core::AttackMethod method);

 private:
  /// One model's curve.
  struct Side {
    QLineSeries *line, *low, *high;
    QAreaSeries* band;
    QScatterSeries* points;
  };
  Side makeSide();
  void restyle();
  void fill(Side& side, bool cut);
  QString describe(double strength) const;
  DataTable table() const;

  Side m_original, m_cut;
  std::vector<core::RobustnessRow> m_rows;  ///< by strength
};

}  // namespace lapidary::ui
