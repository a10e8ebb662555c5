// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/robustness/robustness_chart.h"

#include <algorithm>

#include "ui/look/number_text.h"

namespace lapidary::ui {
namespace {

QString shareText(const core::RobustShare& share) {
  const core::Interval interval = share.interval();
  return QStringLiteral("%1 (%2–%3)")
      .arg(percentText(share.value(), 1), fixedText(interval.low * 100, 1),
           fixedText(interval.high * 100, 1));
}

}  // namespace

RobustnessChart::RobustnessChart(QWidget* parent)
    : ChartView(parent), m_original(makeSide()), m_cut(makeSide()) {
  setGridVisible(Qt::Horizontal, false);
  chart()->setMargins({0, 8, 12, 0});
  setMinimumHeight(180);
  setFileName("robustness");
  setHover([this](const QPointF& value, const QPointF&) { return describe(value.x()); });
  setDataTable([this] { return table(); });
  connect(this, &ChartView::restyled, this, &RobustnessChart::restyle);
  setAxis(Qt::Vertical, 0, 1, AxisScale::Linear, 5, percentTickText);
  setAxis(Qt::Horizontal, 0, 1);
  restyle();
}

RobustnessChart::Side RobustnessChart::makeSide() {
  Side side{new QLineSeries, new QLineSeries, new QLineSeries, nullptr, new QScatterSeries};
  side.low->setParent(this);
  side.high->setParent(this);
  side.band = new QAreaSeries(side.high, side.low);
  attach(side.band);
  attach(side.line);
  attach(side.points);
  return side;
}

void RobustnessChart::restyle() {
  const auto& theme = Theme::instance();
  for (const auto& [side, role] : {std::pair{&m_original, Role::Original}, {&m_cut, Role::Cut}}) {
    QColor band = theme.color(role);
    band.setAlpha(45);
    side->band->setBrush(band);
    side->band->setPen(Qt::NoPen);
    side->line->setPen(QPen(theme.color(role), 2));
    side->points->setColor(theme.color(role));
    side->points->setBorderColor(theme.color(role));
    side->points->setMarkerSize(6);
  }
}

void RobustnessChart::fill(Side& side, bool cut) {
  QList<QPointF> line, low, high;
  for (const core::RobustnessRow& row : m_rows) {
    if (cut && !row.cut) continue;
    const core::RobustShare& share = cut ? *row.cut : row.original;
    const core::Interval interval = share.interval();
    line << QPointF(row.strength, share.value());
    low << QPointF(row.strength, interval.low);
    high << QPointF(row.strength, interval.high);
  }
  side.line->replace(line);
  side.points->replace(line);
  side.low->replace(low);
  side.high->replace(high);
}

void RobustnessChart::show(const core::RobustnessReport& report, core::AttackMethod method) {
  m_rows.clear();
  for (const core::RobustnessRow& row : report.rows)
    if (row.method == method) m_rows.push_back(row);
  double most = 1e-9;
  for (const core::RobustnessRow& row : report.rows) most = std::max(most, row.strength);
  setAxis(Qt::Horizontal, 0, most, AxisScale::Linear, 6);
  fill(m_original, false);
  fill(m_cut, true);
}

QString RobustnessChart::describe(double strength) const {
  if (m_rows.empty()) return {};
  const auto nearest = std::ranges::min_element(
      m_rows, {}, [&](const core::RobustnessRow& row) { return std::abs(row.strength - strength); });
  QString text =
      tr("Strength %1\nOriginal %2").arg(significantText(nearest->strength), shareText(nearest->original));
  if (nearest->cut) text += '\n' + tr("Cut %1").arg(shareText(*nearest->cut));
  return text;
}

DataTable RobustnessChart::table() const {
  DataTable table{{tr("Strength"), tr("Original"), tr("Cut")}};
  for (const core::RobustnessRow& row : m_rows)
    table.push_back({QString::number(row.strength), QString::number(row.original.value()),
                     row.cut ? QString::number(row.cut->value()) : QString()});
  return table;
}

}  // namespace lapidary::ui
