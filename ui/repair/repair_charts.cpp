// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/repair/repair_charts.h"

#include <QBoxLayout>
#include <algorithm>
#include <cmath>
#include <span>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

/// Points at both ends are drawn whole.
constexpr double margin = 0.03;

/// A long training is drawn ever coarser.
constexpr int mostSteps = 1000;

/// The mean of every two neighbours instead of them.
QList<QPointF> halved(const QList<QPointF>& points) {
  QList<QPointF> means;
  for (qsizetype i = 0; i + 1 < points.size(); i += 2)
    means << QPointF(points[i + 1].x(), (points[i].y() + points[i + 1].y()) / 2);
  return means;
}

QString epochTick(double v, double) {
  return v == std::floor(v) ? QString::number(std::lround(v)) : QString();
}

}  // namespace

RepairCharts::RepairCharts(QWidget* parent)
    : QWidget(parent),
      m_lossCaption(makeLabel({}, "caption")),
      m_qualityCaption(makeLabel({}, "caption")),
      m_loss(new ChartView),
      m_quality(new ChartView),
      m_stepLine(new QLineSeries),
      m_lossLine(new QLineSeries),
      m_qualityLine(new QLineSeries),
      m_bestLine(new QLineSeries),
      m_lossPoints(new QScatterSeries),
      m_qualityPoints(new QScatterSeries) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(16);
  addChart(m_loss, m_lossCaption);
  addChart(m_quality, m_qualityCaption);
  for (QAbstractSeries* series :
       std::initializer_list<QAbstractSeries*>{m_stepLine, m_lossLine, m_lossPoints})
    m_loss->attach(series);
  for (QAbstractSeries* series :
       std::initializer_list<QAbstractSeries*>{m_bestLine, m_qualityLine, m_qualityPoints})
    m_quality->attach(series);
  m_loss->setFileName("repair-loss");
  m_quality->setFileName("repair-quality");
  m_loss->setAccessibleName(tr("Loss against epochs"));
  m_quality->setAccessibleName(tr("Accuracy against epochs"));
  connect(m_loss, &ChartView::restyled, this, &RepairCharts::restyleSeries);
  restyleSeries();
  begin(1, tr("Accuracy"));
}

void RepairCharts::addChart(ChartView* chart, QLabel* caption) {
  auto* column = new QVBoxLayout;
  column->setSpacing(2);
  caption->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // both charts are as wide
  column->addWidget(caption);
  column->addWidget(chart, 1);
  static_cast<QHBoxLayout*>(layout())->addLayout(column, 1);
  chart->setMinimumHeight(150);
  chart->setGridVisible(Qt::Horizontal, false);
  chart->chart()->setMargins({0, 8, 8, 0});  // half of the outermost ticks' texts
  chart->setHover([this](const QPointF& value, const QPointF&) { return describe(value.x()); });
  chart->setDataTable([this] { return table(); });
}

void RepairCharts::restyleSeries() {
  const auto& theme = Theme::instance();
  QColor faint = theme.color(Role::Loss);
  faint.setAlpha(90);
  m_stepLine->setPen(QPen(faint, 1));
  m_lossLine->setPen(QPen(theme.color(Role::Loss), 2));
  m_qualityLine->setPen(QPen(theme.color(Role::Cut), 2));
  m_bestLine->setPen(QPen(theme.color(Role::Muted), 1, Qt::DashLine));
  for (const auto& [points, role] : {std::pair{m_lossPoints, Role::Loss}, {m_qualityPoints, Role::Cut}}) {
    points->setColor(theme.color(role));
    points->setBorderColor(theme.color(role));
    points->setMarkerSize(6);
  }
}

void RepairCharts::begin(std::size_t epochs, const QString& quality) {
  m_epochs.clear();
  m_planned = std::max<std::size_t>(1, epochs);
  m_qualityName = quality;
  m_stepLine->clear();
  const auto last = static_cast<double>(m_planned);
  for (auto* chart : {m_loss, m_quality})
    chart->setAxis(Qt::Horizontal, -margin * last, (1 + margin) * last, AxisScale::Linear, 6, epochTick);
  m_lossCaption->setText(tr("Loss (nats) against epochs"));
  refresh();
}

void RepairCharts::addStep(double epoch, double loss) {
  m_stepLine->append(epoch, loss);
  if (m_stepLine->count() >= mostSteps) m_stepLine->replace(halved(m_stepLine->points()));
  scaleLoss();
}

void RepairCharts::addEpoch(const core::TrainedEpoch& epoch) {
  m_epochs.push_back(epoch);
  refresh();
}

std::size_t RepairCharts::best() const {
  // The first of equals, as the training chooses.
  const auto it = std::ranges::max_element(m_epochs, {}, &core::TrainedEpoch::quality);
  return it == m_epochs.end() ? 0 : it->epoch;
}

void RepairCharts::refresh() {
  QList<QPointF> loss, quality;
  for (const auto& epoch : m_epochs) {
    const auto x = static_cast<double>(epoch.epoch);
    if (epoch.epoch > 0) loss << QPointF(x, epoch.loss);
    quality << QPointF(x, epoch.quality);
  }
  m_lossLine->replace(loss);
  m_lossPoints->replace(loss);
  m_qualityLine->replace(quality);
  m_qualityPoints->replace(quality);
  m_qualityCaption->setText(m_epochs.empty() ? tr("Validation samples (%)")
                                             : tr("Validation samples (%) · best: epoch %1").arg(best()));
  m_qualityCaption->setToolTip(m_qualityName);
  scaleLoss();
  scaleQuality();
}

void RepairCharts::scaleLoss() {
  double most = 0;
  for (const auto& point : m_stepLine->points()) most = std::max(most, point.y());
  for (const auto& epoch : m_epochs) most = std::max(most, epoch.loss);
  m_loss->setAxis(Qt::Vertical, 0, niceRange(0, most > 0 ? most : 1, 4).second, AxisScale::Linear, 4);
}

/// From a start far below all epochs the line comes up from under the chart: what they differ by is to be
/// seen.
std::pair<double, double> RepairCharts::qualityRange() const {
  if (m_epochs.empty()) return {0, 1};
  double low = 1, high = 0;
  for (const auto& epoch : std::span(m_epochs).subspan(m_epochs.size() > 1 ? 1 : 0)) {
    low = std::min(low, epoch.quality);
    high = std::max(high, epoch.quality);
  }
  const double start = m_epochs.front().quality;
  const bool leaps = m_epochs.size() > 2 && low - start > 3 * (high - low);
  return leaps ? std::pair{low, high} : std::pair{std::min(low, start), std::max(high, start)};
}

void RepairCharts::scaleQuality() {
  const auto [low, high] = qualityRange();
  const auto nice = niceRange(low, high, 4);
  const double bottom = std::max(0.0, nice.first), top = std::min(1.0, nice.second);
  m_quality->setAxis(Qt::Vertical, bottom, top, AxisScale::Linear, 4,
                     [](double v, double step) { return plainTickText(v * 100, step * 100); });
  const auto at = static_cast<double>(best());
  m_bestLine->replace(m_epochs.empty() ? QList<QPointF>{} : QList{QPointF(at, bottom), QPointF(at, top)});
}

QString RepairCharts::describe(double position) const {
  const auto index = static_cast<std::ptrdiff_t>(std::llround(position));
  if (index < 0 || index >= static_cast<std::ptrdiff_t>(m_epochs.size())) return {};
  const auto& epoch = m_epochs[static_cast<std::size_t>(index)];
  if (epoch.epoch == 0)
    return tr("before the first step") + QLatin1Char('\n') + percentText(epoch.quality, 2);
  return tr("epoch %1").arg(epoch.epoch) + QLatin1Char('\n') +
         tr("%1 · loss %2").arg(percentText(epoch.quality, 2), significantText(epoch.loss, 3));
}

DataTable RepairCharts::table() const {
  DataTable rows{{tr("Epoch"), tr("Loss"), m_qualityName, tr("Learning rate")}};
  for (const auto& epoch : m_epochs)
    rows.push_back({QString::number(epoch.epoch), epoch.epoch == 0 ? QString() : QString::number(epoch.loss),
                    QString::number(epoch.quality), QString::number(epoch.rate)});
  return rows;
}

}  // namespace lapidary::ui
