// SPDX-License-Identifier: GPL-3.0-or-later
// Category axes carry the labels: they take any text, so numbers read here as elsewhere.
#include "ui/charts/chart_view.h"

#include <QChart>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGraphicsLayout>
#include <QGuiApplication>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

QCategoryAxis* makeAxis(QChart& chart, Qt::Alignment alignment) {
  auto* axis = new QCategoryAxis;
  axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  axis->setTruncateLabels(false);
  axis->setLineVisible(false);
  chart.addAxis(axis, alignment);
  return axis;
}

void setTicks(QCategoryAxis& axis, double low, double high, const std::vector<Tick>& ticks,
              const std::function<double(double)>& toPlot) {
  for (const QString& label : axis.categoriesLabels()) axis.remove(label);
  axis.setStartValue(low - std::abs(high - low));  // off the plot: no line of its own
  for (const Tick& tick : ticks) {
    QString label = tick.text;
    while (axis.categoriesLabels().contains(label)) label += QChar(0x200B);  // labels are keys there
    axis.append(label, toPlot(tick.value));
  }
  axis.setRange(low, high);
}

double plotUnit(AxisScale scale, double value) {
  return scale == AxisScale::Log ? std::log10(std::max(value, 1e-300)) : value;
}

}  // namespace

ChartView::ChartView(QWidget* parent) : QChartView(parent) {
  chart()->setMargins({0, 0, 0, 0});
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->legend()->hide();
  chart()->setBackgroundVisible(false);
  chart()->setAnimationOptions(QChart::NoAnimation);
  setFrameShape(QFrame::NoFrame);
  setRenderHint(QPainter::Antialiasing);
  setBackgroundBrush(Qt::NoBrush);
  viewport()->setAutoFillBackground(false);
  setMouseTracking(true);
  setMinimumSize(160, 96);
  m_horizontal.axis = makeAxis(*chart(), Qt::AlignBottom);
  m_vertical.axis = makeAxis(*chart(), Qt::AlignLeft);
  connect(chart(), &QChart::plotAreaChanged, this, &ChartView::plotMoved);
  connect(&Theme::instance(), &Theme::changed, this, &ChartView::restyle);
  setAxis(Qt::Horizontal, 0, 1);
  setAxis(Qt::Vertical, 0, 1);
  restyle();
}

const ChartView::Axis& ChartView::axisOf(Qt::Orientation orientation) const {
  return orientation == Qt::Horizontal ? m_horizontal : m_vertical;
}

void ChartView::setAxis(Qt::Orientation orientation, double low, double high, AxisScale scale,
                        int wantedTicks, const TickText& text) {
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high)) return;
  if (scale == AxisScale::Log && low <= 0) low = high * 1e-6;
  Axis& axis = orientation == Qt::Horizontal ? m_horizontal : m_vertical;
  const bool known = !axis.axis->categoriesLabels().isEmpty();
  const std::vector<Tick> ticks = axisTicks(low, high, scale, wantedTicks, text);
  QStringList labels;
  for (const Tick& tick : ticks) labels << tick.text;
  if (known && axis.low == low && axis.high == high && axis.scale == scale && axis.wanted == wantedTicks &&
      labels == axis.axis->categoriesLabels())
    return;
  axis = {axis.axis, low, high, scale, wantedTicks};
  setTicks(*axis.axis, plotUnit(scale, low), plotUnit(scale, high), ticks,
           [scale](double value) { return plotUnit(scale, value); });
  emit plotMoved();
}

void ChartView::setGridVisible(Qt::Orientation orientation, bool visible) {
  axisOf(orientation).axis->setGridLineVisible(visible);
}

void ChartView::attach(QAbstractSeries* series) {
  chart()->addSeries(series);
  series->attachAxis(m_horizontal.axis);
  series->attachAxis(m_vertical.axis);
}

double ChartView::toPlot(Qt::Orientation orientation, double value) const {
  return plotUnit(axisOf(orientation).scale, value);
}

double ChartView::fromPlot(Qt::Orientation orientation, double plotValue) const {
  return axisOf(orientation).scale == AxisScale::Log ? std::pow(10.0, plotValue) : plotValue;
}

QRectF ChartView::plotRect() const { return viewportTransform().mapRect(scenePlot()); }

QRectF ChartView::scenePlot() const { return chart()->mapRectToScene(chart()->plotArea()); }

QPointF ChartView::pixelOf(double x, double y) const { return viewportTransform().map(scenePoint(x, y)); }

QPointF ChartView::scenePoint(double x, double y) const {
  const QRectF plot = scenePlot();
  const auto share = [this](Qt::Orientation orientation, double value) {
    const Axis& axis = axisOf(orientation);
    const double low = plotUnit(axis.scale, axis.low), high = plotUnit(axis.scale, axis.high);
    return (plotUnit(axis.scale, value) - low) / (high - low);
  };
  return {plot.left() + share(Qt::Horizontal, x) * plot.width(),
          plot.bottom() - share(Qt::Vertical, y) * plot.height()};
}

QPointF ChartView::valueAt(const QPointF& pixel) const {
  const QRectF plot = scenePlot();
  const QPointF scene = viewportTransform().inverted().map(pixel);
  const auto value = [this](Qt::Orientation orientation, double share) {
    const Axis& axis = axisOf(orientation);
    const double low = plotUnit(axis.scale, axis.low), high = plotUnit(axis.scale, axis.high);
    return fromPlot(orientation, low + share * (high - low));
  };
  const double width = std::max(1.0, plot.width()), height = std::max(1.0, plot.height());
  return {value(Qt::Horizontal, (scene.x() - plot.left()) / width),
          value(Qt::Vertical, (plot.bottom() - scene.y()) / height)};
}

void ChartView::mouseMoveEvent(QMouseEvent* event) {
  QChartView::mouseMoveEvent(event);
  if (!m_hover) return;
  const QString text = plotRect().contains(event->position())
                           ? m_hover(valueAt(event->position()), event->position())
                           : QString();
  if (text.isEmpty())
    QToolTip::hideText();
  else
    QToolTip::showText(event->globalPosition().toPoint() + QPoint(8, -32), text, this);
}

void ChartView::leaveEvent(QEvent* event) {
  QChartView::leaveEvent(event);
  if (m_hover) QToolTip::hideText();
}

void ChartView::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu(this);
  if (m_table)
    menu.addAction(tr("Copy data"), this,
                   [this] { QGuiApplication::clipboard()->setText(tableText(m_table())); });
  const QString name = m_fileName.isEmpty() ? QStringLiteral("chart") : m_fileName;
  menu.addAction(tr("Save as PNG…"), this, [this, name] { askAndSavePicture(*this, name + ".png"); });
  menu.addAction(tr("Save as SVG…"), this, [this, name] { askAndSavePicture(*this, name + ".svg"); });
  menu.exec(event->globalPos());
}

void ChartView::restyle() {
  const Theme& theme = Theme::instance();
  for (QCategoryAxis* axis : {m_horizontal.axis, m_vertical.axis}) {
    axis->setLabelsFont(theme.caption());
    axis->setLabelsColor(theme.color(Role::Muted));
    axis->setGridLinePen(QPen(theme.color(Role::Line), 1));
  }
  emit restyled();
}

}  // namespace lapidary::ui
