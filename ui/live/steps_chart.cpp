// SPDX-License-Identifier: GPL-3.0-or-later
// Two charts over the same steps.
#include "ui/live/steps_chart.h"

#include <QBoxLayout>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

StepsChart::StepsChart(Document& document, VisitedRecipes& visited, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_visited(visited),
      m_quality(new ChartView),
      m_size(new ChartView),
      m_qualityLine(new QLineSeries),
      m_low(new QLineSeries),
      m_high(new QLineSeries),
      m_sizeLine(new QLineSeries),
      m_band(new QAreaSeries(m_high, m_low)),
      m_qualityNow(new QScatterSeries),
      m_sizeNow(new QScatterSeries) {
  m_low->setParent(this);
  m_high->setParent(this);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  const auto kind = document.session() ? document.session()->qualityKind() : core::QualityKind::Accuracy;
  column->addWidget(makeLabel(kind == core::QualityKind::Noise
                                  ? tr("Signal-to-noise (dB) against steps")
                                  : tr("%1 (%) against steps").arg(qualityName(kind)),
                              "caption"));
  column->addWidget(m_quality, 3);
  column->addWidget(makeLabel(tr("Size (kB) against steps"), "caption"));
  column->addWidget(m_size, 2);
  m_quality->attach(m_band);
  m_quality->attach(m_qualityLine);
  m_quality->attach(m_qualityNow);
  m_size->attach(m_sizeLine);
  m_size->attach(m_sizeNow);
  for (auto* chart : {m_quality, m_size}) {
    chart->setGridVisible(Qt::Horizontal, false);
    chart->chart()->setMargins({0, 8, 8, 0});  // half of the outermost ticks' texts
    chart->setMinimumHeight(60);
    chart->setHover([this](const QPointF& value, const QPointF&) { return describe(value.x()); });
    chart->setDataTable([this] { return table(); });
  }
  m_quality->setFileName("quality-steps");
  m_size->setFileName("size-steps");
  connect(m_quality, &ChartView::restyled, this, &StepsChart::restyleSeries);
  connect(&visited, &VisitedRecipes::changed, this, &StepsChart::refresh);
  connect(&document, &Document::dragEnded, this, &StepsChart::refresh);
  connect(&document, &Document::recipeChanged, this, &StepsChart::refresh);
  restyleSeries();
  refresh();
}

void StepsChart::restyleSeries() {
  const auto& theme = Theme::instance();
  QColor band = theme.color(Role::Cut);
  band.setAlpha(45);
  m_band->setBrush(band);
  m_band->setPen(Qt::NoPen);
  for (auto* line : {m_qualityLine, m_sizeLine}) line->setPen(QPen(theme.color(Role::Cut), 2));
  for (auto* now : {m_qualityNow, m_sizeNow}) {
    now->setColor(theme.color(Role::Panel));
    now->setBorderColor(theme.color(Role::Cut));
    now->setPen(QPen(theme.color(Role::Cut), 2));
    now->setMarkerSize(9);
  }
}

void StepsChart::refresh() {
  refreshAxes();
  const auto& visits = m_visited.visits();
  QList<QPointF> quality, low, high, size;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (!visits[i].quality) continue;
    const double x = static_cast<double>(i);
    quality << QPointF(x, visits[i].quality->value);
    low << QPointF(x, visits[i].quality->interval.low);
    high << QPointF(x, visits[i].quality->interval.high);
    size << QPointF(x, static_cast<double>(visits[i].bytes));
  }
  m_qualityLine->replace(quality);
  m_low->replace(low);
  m_high->replace(high);
  m_sizeLine->replace(size);
  const auto now = m_visited.current();
  const bool shown = now && visits[*now].quality;
  m_qualityNow->replace(shown ? QList{QPointF(static_cast<double>(*now), visits[*now].quality->value)}
                              : QList<QPointF>{});
  m_sizeNow->replace(shown
                         ? QList{QPointF(static_cast<double>(*now), static_cast<double>(visits[*now].bytes))}
                         : QList<QPointF>{});
}

void StepsChart::refreshAxes() {
  const auto& visits = m_visited.visits();
  if (m_document.dragging() && visits.size() > 1) return;
  double low = 1e300, high = -1e300, most = 1;
  bool decibel = false;
  for (const auto& visit : visits) {
    if (!visit.quality) continue;
    low = std::min(low, visit.quality->interval.low);
    high = std::max(high, visit.quality->interval.high);
    most = std::max(most, static_cast<double>(visit.bytes));
    decibel = visit.quality->decibel;
  }
  if (low > high) std::tie(low, high) = std::pair(0.0, 1.0);
  const auto [bottom, top] = niceRange(low, high, 4);
  const double last = std::max<double>(4, std::ceil(static_cast<double>(visits.size()) * 1.2));
  const auto stepText = [](double v, double step) {
    return step < 1 && v != std::floor(v) ? QString() : QString::number(std::lround(v));
  };
  for (auto* chart : {m_quality, m_size})
    chart->setAxis(Qt::Horizontal, 0, last, AxisScale::Linear, 5, stepText);
  const double highest = decibel ? top : std::min(top, 1.0);
  m_quality->setAxis(Qt::Vertical, bottom, highest, AxisScale::Linear, 4, [decibel](double v, double step) {
    return decibel ? plainTickText(v, step) : plainTickText(v * 100, step * 100);
  });
  m_size->setAxis(Qt::Vertical, 0, niceRange(0, most, 3).second, AxisScale::Linear, 3,
                  [](double v, double step) { return plainTickText(v / 1000, step / 1000); });
}

QString StepsChart::describe(double step) const {
  const auto index = static_cast<std::ptrdiff_t>(std::llround(step));
  if (index < 0 || index >= static_cast<std::ptrdiff_t>(m_visited.visits().size())) return {};
  const auto& visit = m_visited.visits()[static_cast<std::size_t>(index)];
  if (!visit.quality) return {};
  return tr("step %1").arg(index) + QLatin1Char('\n') + qualityValueText(*visit.quality) +
         QStringLiteral(" · ") + bytesText(visit.bytes);
}

DataTable StepsChart::table() const {
  DataTable rows{{tr("Step"), tr("Quality"), tr("Low"), tr("High"), tr("Bytes")}};
  for (std::size_t i = 0; i < m_visited.visits().size(); ++i) {
    const auto& visit = m_visited.visits()[i];
    if (!visit.quality) continue;
    rows.push_back({QString::number(i), QString::number(visit.quality->value),
                    QString::number(visit.quality->interval.low),
                    QString::number(visit.quality->interval.high), QString::number(visit.bytes)});
  }
  return rows;
}

}  // namespace lapidary::ui
