// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keys move the threshold; the axes never move with it.
#include "ui/weights/histogram_chart.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/weights/histogram_item.h"

namespace lapidary::ui {
namespace {

constexpr double grabDistance = 8;  // pixels
constexpr int keyPause = 600;       // milliseconds without a key that end a run

}  // namespace

HistogramChart::HistogramChart(QWidget* parent) : ChartView(parent) {
  m_item = new HistogramItem(
      chart(), [this](double value) { return scenePoint(value, 1).x(); },
      [this](double count) { return scenePoint(0, count).y(); });
  chart()->layout()->setContentsMargins(0, static_cast<int>(HistogramItem::headRoom), 0, 0);
  setGridVisible(Qt::Horizontal, false);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Distribution of the weights"));
  setAccessibleDescription(tr("Left and right move the pruning threshold."));
  setHover(
      [this](const QPointF& value, const QPointF&) { return m_dragging ? QString() : hoverText(value.x()); });
  setDataTable([this] { return dataTable(); });
  setFileName(QStringLiteral("distribution"));
  connect(this, &ChartView::plotMoved, this, &HistogramChart::layOut);
  connect(this, &ChartView::restyled, this, [this] { m_item->refresh(); });
  m_keysEnd.setSingleShot(true);
  m_keysEnd.setInterval(keyPause);
  connect(&m_keysEnd, &QTimer::timeout, this, &HistogramChart::dragFinished);
}

void HistogramChart::layOut() { m_item->setPlot(scenePlot()); }

void HistogramChart::setOriginal(const Bins& bins) {
  m_item->content().original = bins;
  m_item->content().showCut = false;
  setAxes();
  m_item->refresh();
}

void HistogramChart::setAxes() {
  const Bins& bins = m_item->content().original;
  if (bins.counts.empty()) return;
  const auto most = static_cast<double>(std::max<std::int64_t>(bins.largest(), 1));
  setAxis(Qt::Horizontal, bins.low, bins.high, AxisScale::Linear, 6);
  if (m_logarithmic)
    setAxis(Qt::Vertical, 0.7, std::max(10.0, most * 1.6), AxisScale::Log, 6);
  else
    setAxis(Qt::Vertical, 0, most * 1.08, AxisScale::Linear, 4,
            [](double value, double) { return countText(static_cast<std::int64_t>(std::llround(value))); });
  layOut();
}

void HistogramChart::setCut(const Bins& bins, bool show) {
  m_item->content().cut = bins;
  m_item->content().showCut = show;
  m_item->refresh();
}

void HistogramChart::setThreshold(double threshold, const QString& label) {
  const Bins& bins = m_item->content().original;
  m_item->content().threshold = std::clamp(threshold, 0.0, std::max(0.0, bins.high));
  m_item->content().label = label;
  setAccessibleName(tr("Distribution of the weights, threshold %1").arg(significantText(threshold)));
  m_item->refresh();
}

double HistogramChart::threshold() const { return m_item->content().threshold; }

void HistogramChart::setLevels(const LevelGrid& levels) {
  m_item->content().levels = levels;
  m_item->refresh();
}

void HistogramChart::setLogarithmic(bool logarithmic) {
  m_logarithmic = logarithmic;
  setAxes();
  m_item->refresh();
}

void HistogramChart::setEditable(bool editable) {
  m_item->content().editable = editable;
  m_item->refresh();
}

bool HistogramChart::nearLine(QPointF pixel) const {
  const HistogramContent& content = m_item->content();
  if (!content.editable || content.original.counts.empty()) return false;
  const QRectF reach = plotRect().adjusted(-grabDistance, -HistogramItem::headRoom, grabDistance, 0);
  const double x = pixel.x();
  return reach.contains(pixel) && (std::abs(x - pixelOf(content.threshold, 1).x()) <= grabDistance ||
                                   std::abs(x - pixelOf(-content.threshold, 1).x()) <= grabDistance);
}

void HistogramChart::dragTo(double threshold) {
  threshold = std::clamp(threshold, 0.0, m_item->content().original.high);
  emit thresholdDragged(threshold);
}

void HistogramChart::endKeys() {
  if (!m_keysEnd.isActive()) return;
  m_keysEnd.stop();
  emit dragFinished();
}

void HistogramChart::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !nearLine(event->position()))
    return ChartView::mousePressEvent(event);
  endKeys();
  m_dragging = true;
  emit dragStarted();
}

void HistogramChart::mouseMoveEvent(QMouseEvent* event) {
  if (m_dragging) return dragTo(std::abs(valueAt(event->position()).x()));
  if (nearLine(event->position()))
    viewport()->setCursor(Qt::SizeHorCursor);
  else
    viewport()->unsetCursor();
  ChartView::mouseMoveEvent(event);
}

void HistogramChart::mouseReleaseEvent(QMouseEvent* event) {
  if (!m_dragging) return ChartView::mouseReleaseEvent(event);
  m_dragging = false;
  emit dragFinished();
}

void HistogramChart::keyPressEvent(QKeyEvent* event) {
  const HistogramContent& content = m_item->content();
  const double fine = content.original.high / 200;
  double target = content.threshold;
  switch (event->key()) {
    case Qt::Key_Left:
      target -= fine;
      break;
    case Qt::Key_Right:
      target += fine;
      break;
    case Qt::Key_PageDown:
      target -= 10 * fine;
      break;
    case Qt::Key_PageUp:
      target += 10 * fine;
      break;
    case Qt::Key_Home:
      target = 0;
      break;
    default:
      return ChartView::keyPressEvent(event);
  }
  if (!content.editable || content.original.counts.empty()) return;
  if (!m_keysEnd.isActive()) emit dragStarted();
  m_keysEnd.start();
  dragTo(target);
}

void HistogramChart::focusInEvent(QFocusEvent* event) {
  ChartView::focusInEvent(event);
  m_item->content().focused = event->reason() != Qt::MouseFocusReason;
  m_item->refresh();
}

void HistogramChart::focusOutEvent(QFocusEvent* event) {
  ChartView::focusOutEvent(event);
  endKeys();
  m_item->content().focused = false;
  m_item->refresh();
}

QString HistogramChart::hoverText(double value) const {
  const HistogramContent& content = m_item->content();
  if (content.original.counts.empty()) return {};
  const std::size_t bin = content.original.binOf(value);
  QString text = tr("%1 … %2").arg(significantText(content.original.edge(bin)),
                                   significantText(content.original.edge(bin + 1)));
  text += QLatin1Char('\n') + tr("original: %1").arg(countText(content.original.counts[bin]));
  if (content.showCut) text += QLatin1Char('\n') + tr("cut: %1").arg(countText(content.cut.counts[bin]));
  return text;
}

DataTable HistogramChart::dataTable() const {
  const HistogramContent& content = m_item->content();
  DataTable table{{tr("from"), tr("to"), tr("original"), tr("cut")}};
  for (std::size_t i = 0; i < content.original.counts.size(); ++i)
    table.push_back({QString::number(content.original.edge(i)), QString::number(content.original.edge(i + 1)),
                     QString::number(content.original.counts[i]),
                     content.showCut ? QString::number(content.cut.counts[i]) : QString()});
  return table;
}

}  // namespace lapidary::ui
