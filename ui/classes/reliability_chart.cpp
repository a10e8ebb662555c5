// SPDX-License-Identifier: GPL-3.0-or-later
// Points are series, so that they move with the chart; their intervals and the diagonal are painted over it.
#include "ui/classes/reliability_chart.h"

#include <QPainter>
#include <cmath>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

constexpr double reach = 9;       // pixels within which a point is meant
constexpr double axisEnd = 1.03;  // points at 1, where most are, keep their whole mark

QString perCent(double value, double step) { return plainTickText(value * 100, step * 100); }

QList<QPointF> pointsOf(const core::Reliability& reliability) {
  QList<QPointF> points;
  for (const core::ReliabilityBin& bin : reliability.bins)
    if (bin.samples > 0) points << QPointF(bin.confidence, bin.accuracy);
  return points;
}

}  // namespace

ReliabilityChart::ReliabilityChart(QWidget* parent)
    : ChartView(parent), m_original(new QScatterSeries), m_cut(new QScatterSeries) {
  chart()->setMargins({0, 8, 10, 0});  // half of the outermost ticks' texts
  attach(m_original);
  attach(m_cut);
  setAxis(Qt::Horizontal, 0, axisEnd, AxisScale::Linear, 5, perCent);
  setAxis(Qt::Vertical, 0, axisEnd, AxisScale::Linear, 5, perCent);
  setFileName("reliability");
  setMinimumHeight(180);
  setHover([this](const QPointF&, const QPointF& pixel) { return describe(pixel); });
  setDataTable([this] { return table(); });
  connect(this, &ChartView::restyled, this, &ReliabilityChart::restyleSeries);
  restyleSeries();
}

void ReliabilityChart::restyleSeries() {
  const auto& theme = Theme::instance();
  m_original->setColor(theme.color(Role::Original));
  m_original->setMarkerShape(QScatterSeries::MarkerShapeRectangle);
  m_cut->setColor(theme.color(Role::Cut));
  for (QScatterSeries* series : {m_original, m_cut}) {
    series->setBorderColor(Qt::transparent);
    series->setMarkerSize(8);
  }
}

void ReliabilityChart::setComparison(std::shared_ptr<const core::Comparison> comparison) {
  m_comparison = std::move(comparison);
  const bool known = m_comparison && m_comparison->reliability;
  m_original->replace(known ? pointsOf(*m_comparison->originalReliability) : QList<QPointF>());
  m_cut->replace(known ? pointsOf(*m_comparison->reliability) : QList<QPointF>());
  viewport()->update();
}

int ReliabilityChart::bins() const { return static_cast<int>(m_cut->count()); }

void ReliabilityChart::drawBins(QPainter& painter, const core::Reliability& reliability,
                                const QColor& color) const {
  painter.setPen(QPen(color, 1.5));
  for (const core::ReliabilityBin& bin : reliability.bins)
    if (bin.samples > 0)
      painter.drawLine(scenePoint(bin.confidence, bin.interval.low),
                       scenePoint(bin.confidence, bin.interval.high));
}

void ReliabilityChart::drawForeground(QPainter* painter, const QRectF&) {
  const auto& theme = Theme::instance();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(theme.color(Role::Muted), 1, Qt::DashLine));
  painter->drawLine(scenePoint(0, 0), scenePoint(1, 1));
  if (m_comparison && m_comparison->reliability) {
    drawBins(*painter, *m_comparison->originalReliability, theme.color(Role::Original));
    drawBins(*painter, *m_comparison->reliability, theme.color(Role::Cut));
  }
  painter->restore();
}

QString ReliabilityChart::describe(const QPointF& pixel) const {
  if (!m_comparison || !m_comparison->reliability) return {};
  for (const bool cut : {true, false})
    for (const core::ReliabilityBin& bin :
         (cut ? *m_comparison->reliability : *m_comparison->originalReliability).bins) {
      const QPointF away = pixelOf(bin.confidence, bin.accuracy) - pixel;
      if (bin.samples == 0 || std::hypot(away.x(), away.y()) > reach) continue;
      return (cut ? tr("Cut") : tr("Original")) + QLatin1Char('\n') +
             tr("%n answer(s), given with %1 on average", nullptr, static_cast<int>(bin.samples))
                 .arg(percentText(bin.confidence, 1)) +
             QLatin1Char('\n') +
             tr("right: %1 (%2 … %3)")
                 .arg(percentText(bin.accuracy, 1), percentText(bin.interval.low, 1),
                      percentText(bin.interval.high, 1));
    }
  return {};
}

DataTable ReliabilityChart::table() const {
  DataTable rows{{tr("Model"), tr("From"), tr("To"), tr("Samples"), tr("Confidence"), tr("Right")}};
  if (!m_comparison || !m_comparison->reliability) return rows;
  for (const bool cut : {false, true})
    for (const core::ReliabilityBin& bin :
         (cut ? *m_comparison->reliability : *m_comparison->originalReliability).bins)
      rows.push_back({cut ? tr("Cut") : tr("Original"), QString::number(bin.low), QString::number(bin.high),
                      QString::number(bin.samples), QString::number(bin.confidence),
                      QString::number(bin.accuracy)});
  return rows;
}

}  // namespace lapidary::ui
