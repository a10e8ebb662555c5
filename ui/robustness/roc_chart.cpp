// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/robustness/roc_chart.h"

#include <algorithm>
#include <cmath>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

/// The share caught at so many false alarms, between the points of the curve.
double caughtAt(const core::DetectorCurve& curve, double falseAlarms) {
  const auto next = std::ranges::lower_bound(curve.points, falseAlarms, {}, &core::RocPoint::falseAlarms);
  if (next == curve.points.end()) return 1;
  if (next == curve.points.begin()) return next->caught;
  const auto before = next - 1;
  const double width = next->falseAlarms - before->falseAlarms;
  const double part = width > 0 ? (falseAlarms - before->falseAlarms) / width : 0;
  return before->caught + part * (next->caught - before->caught);
}

}  // namespace

RocChart::RocChart(QWidget* parent) : ChartView(parent), m_chance(new QLineSeries) {
  attach(m_chance);
  for (auto*& line : m_lines) {
    line = new QLineSeries;
    attach(line);
  }
  chart()->setMargins({0, 8, 12, 0});
  setMinimumHeight(180);
  setFileName("detector-roc");
  for (const auto orientation : {Qt::Horizontal, Qt::Vertical})
    setAxis(orientation, 0, 1, AxisScale::Linear, 5, percentTickText);
  m_chance->replace(QList<QPointF>{{0, 0}, {1, 1}});
  setHover([this](const QPointF& value, const QPointF&) -> QString {
    if (m_curves.empty() || value.x() < 0 || value.x() > 1) return {};
    return tr("At %1 false alarms: squeezing %2, distance %3, both %4")
        .arg(percentText(value.x(), 0), percentText(caughtAt(m_curves[0], value.x()), 0),
             percentText(caughtAt(m_curves[1], value.x()), 0),
             percentText(caughtAt(m_curves[2], value.x()), 0));
  });
  setDataTable([this] { return table(); });
  connect(this, &ChartView::restyled, this, &RocChart::restyle);
  restyle();
}

void RocChart::restyle() {
  const auto& theme = Theme::instance();
  m_chance->setPen(QPen(theme.color(Role::Muted), 1, Qt::DashLine));
  m_lines[0]->setPen(QPen(theme.color(Role::Gain), 1.5, Qt::DotLine));
  m_lines[1]->setPen(QPen(theme.color(Role::Original), 1.5, Qt::DashDotLine));
  m_lines[2]->setPen(QPen(theme.color(Role::Cut), 2));
}

void RocChart::show(const std::vector<core::DetectorCurve>& curves) {
  m_curves = curves.size() == m_lines.size() ? curves : std::vector<core::DetectorCurve>{};
  for (std::size_t k = 0; k < m_lines.size(); ++k) {
    QList<QPointF> points;
    if (!m_curves.empty())
      for (const core::RocPoint& point : m_curves[k].points)
        points << QPointF(point.falseAlarms, point.caught);
    m_lines[k]->replace(points);
  }
}

DataTable RocChart::table() const {
  DataTable table{{tr("False alarms"), tr("Squeezing"), tr("Distance"), tr("Both")}};
  if (m_curves.empty()) return table;
  for (const core::RocPoint& point : m_curves[2].points)
    table.push_back(
        {QString::number(point.falseAlarms), QString::number(caughtAt(m_curves[0], point.falseAlarms)),
         QString::number(caughtAt(m_curves[1], point.falseAlarms)), QString::number(point.caught)});
  return table;
}

}  // namespace lapidary::ui
