// SPDX-License-Identifier: GPL-3.0-or-later
// The trade-off chart's series, axes and labels.
#include "ui/live/trade_off_chart.h"

#include <QImage>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

constexpr double reach = 9;  // pixels within which a point is meant
constexpr double widestSpan =
    0.25;  // share below the best that the axis shows; worse points stand on the edge

QString sizeTick(double bytes, double) {
  // Round sizes need no decimals.
  return bytesText(static_cast<std::uint64_t>(bytes))
      .replace(QLatin1String(".00"), QString())
      .replace(QLatin1String(".0 "), QLatin1String(" "));
}

/// A round dot as a picture: one item for hundreds of points, where markers are an item each.
QImage dot(const QColor& color, double diameter, double ratio) {
  const auto side = static_cast<int>(std::ceil(diameter * ratio));
  QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(ratio);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawEllipse(QRectF(0, 0, diameter, diameter));
  return image;
}

}  // namespace

TradeOffChart::TradeOffChart(Document& document, VisitedRecipes& visited, QWidget* parent)
    : ChartView(parent),
      m_document(document),
      m_visited(visited),
      m_points(new QScatterSeries),
      m_frontPoints(new QScatterSeries),
      m_original(new QScatterSeries),
      m_searchPoints(new QScatterSeries),
      m_front(new QLineSeries),
      m_search(new QLineSeries) {
  setGridVisible(Qt::Horizontal, false);
  chart()->setMargins({0, 8, 0, 0});  // half of the topmost tick's text
  for (QAbstractSeries* series :
       {static_cast<QAbstractSeries*>(m_points), static_cast<QAbstractSeries*>(m_front),
        static_cast<QAbstractSeries*>(m_search), static_cast<QAbstractSeries*>(m_searchPoints),
        static_cast<QAbstractSeries*>(m_frontPoints), static_cast<QAbstractSeries*>(m_original)})
    attach(series);
  setFileName("trade-off");
  setAccessibleName(tr("Trade-off of the recipes measured so far"));
  setHover([this](const QPointF&, const QPointF& pixel) { return describe(pixel); });
  setDataTable([this] { return table(); });
  connect(this, &ChartView::restyled, this, &TradeOffChart::restyleSeries);
  connect(&visited, &VisitedRecipes::changed, this, &TradeOffChart::refresh);
  connect(&document, &Document::recipeChanged, this, [this] {
    // A recipe not seen before is marked once it is measured.
    if (m_visited.current()) viewport()->update();
  });
  connect(&document, &Document::dragEnded, this, &TradeOffChart::refreshAxes);
  connect(&document, &Document::opened, this, [this] {
    m_hasRange = false;
    refresh();
  });
  restyleSeries();
  refresh();
}

void TradeOffChart::restyleSeries() {
  const auto& theme = Theme::instance();
  QColor faint = theme.color(Role::Original);
  faint.setAlpha(110);
  m_points->setMarkerSize(6);
  m_points->setLightMarker(dot(faint, 6, devicePixelRatioF()));
  m_frontPoints->setMarkerSize(7);
  m_frontPoints->setLightMarker(dot(theme.color(Role::Cut), 7, devicePixelRatioF()));
  m_original->setColor(theme.color(Role::Original));
  m_original->setBorderColor(Qt::transparent);
  m_original->setMarkerSize(9);
  m_original->setMarkerShape(QScatterSeries::MarkerShapeRectangle);
  m_front->setPen(QPen(theme.color(Role::Cut), 2));
  m_search->setPen(QPen(theme.color(Role::Gain), 1.5, Qt::DashLine));
  m_searchPoints->setMarkerSize(7);
  m_searchPoints->setLightMarker(dot(theme.color(Role::Gain), 7, devicePixelRatioF()));
}

void TradeOffChart::setVertical(TradeOffAxis axis) {
  if (axis == m_axis) return;
  m_axis = axis;
  m_hasRange = false;
  refresh();
  emit verticalChanged(axis);
}

std::size_t TradeOffChart::unknown() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(m_visited.visits(), [this](const Visit& visit) { return !visit.on(m_axis); }));
}

double TradeOffChart::drawnValue(const Visit& visit) const {
  return std::clamp(visit.on(m_axis)->value, m_low, std::max(m_low, m_high));
}

void TradeOffChart::refresh() {
  refreshAxes();
  const auto& visits = m_visited.visits();
  const auto front = paretoFront(visits, m_axis);
  QList<QPointF> points, frontPoints, original;
  const auto pointOf = [this](const Visit& visit) {
    return QPointF(toPlot(Qt::Horizontal, static_cast<double>(visit.bytes)),
                   toPlot(Qt::Vertical, drawnValue(visit)));
  };
  for (const auto& visit : visits) {
    if (!visit.on(m_axis)) continue;
    (visit.recipe.empty() ? original : points) << pointOf(visit);
  }
  for (const auto i : front)
    if (visits[i].on(m_axis)->value >= m_low) frontPoints << pointOf(visits[i]);
  m_points->replace(points);
  m_original->replace(original);
  m_front->replace(frontPoints);
  m_frontPoints->replace(frontPoints);
  const auto search = searchFront();
  m_search->replace(search);
  m_searchPoints->replace(search);
  viewport()->update();
}

QList<QPointF> TradeOffChart::searchFront() const {
  QList<QPointF> points;
  for (const auto& visit : m_visited.searchFront())
    if (visit.on(m_axis))
      points << QPointF(toPlot(Qt::Horizontal, static_cast<double>(visit.bytes)),
                        toPlot(Qt::Vertical, drawnValue(visit)));
  return points;
}

void TradeOffChart::refreshAxes() {
  if (m_document.dragging() && m_hasRange) return;
  double best = -1e300, worst = 1e300, least = 1e300, most = 0;
  bool decibel = false;
  for (const auto& visit : m_visited.visits()) {
    if (!visit.on(m_axis)) continue;
    const QualityValue& value = *visit.on(m_axis);
    best = std::max(best, value.interval.high);
    worst = std::min(worst, value.value);
    least = std::min(least, static_cast<double>(visit.bytes));
    most = std::max(most, static_cast<double>(visit.bytes));
    decibel = value.decibel;
  }
  for (const auto& visit : m_visited.searchFront()) least = std::min(least, static_cast<double>(visit.bytes));
  const TradeOffFigure& figure = figureOf(m_axis);
  const double factor = decibel || !figure.percent ? 1 : 100;
  const auto tick = [factor](double v, double step) { return plainTickText(v * factor, step * factor); };
  if (most == 0) {
    setAxis(Qt::Horizontal, 1e4, 2e6, AxisScale::Log, 4, sizeTick);  // room for the last label
    setAxis(Qt::Vertical, figure.fewerIsBetter ? 0 : 0.9, figure.fewerIsBetter ? 0.1 : 1, AxisScale::Linear,
            5, tick);
    return;
  }
  if (figure.fewerIsBetter) worst = 0;
  if (m_axis == TradeOffAxis::Quality && !decibel) worst = std::max(worst, best - widestSpan);
  std::tie(m_low, m_high) = niceRange(std::min(worst, best - (decibel ? 5 : 0.02)), best, 5);
  if (!decibel) m_low = std::max(m_low, figure.least), m_high = std::min(m_high, figure.most);
  setAxis(Qt::Horizontal, std::min(least * 0.8, most / 3), most * 1.15, AxisScale::Log, 4, sizeTick);
  setAxis(Qt::Vertical, m_low, m_high, AxisScale::Linear, 5, tick);
  m_hasRange = true;
}

QPointF TradeOffChart::pixelOf(std::size_t visit) const {
  const auto& v = m_visited.visits()[visit];
  return ChartView::pixelOf(static_cast<double>(v.bytes), drawnValue(v));
}

std::optional<std::size_t> TradeOffChart::visitNear(const QPointF& pixel) const {
  std::optional<std::size_t> nearest;
  double best = reach;
  for (std::size_t i = 0; i < m_visited.visits().size(); ++i) {
    if (!m_visited.visits()[i].on(m_axis)) continue;
    const QPointF away = pixelOf(i) - pixel;
    const double distance = std::hypot(away.x(), away.y());
    if (distance < best) {
      best = distance;
      nearest = i;
    }
  }
  return nearest;
}

const Visit* TradeOffChart::searchPointNear(const QPointF& pixel) const {
  const Visit* nearest = nullptr;
  double best = reach;
  for (const auto& visit : m_visited.searchFront()) {
    if (!visit.on(m_axis)) continue;
    const QPointF away = ChartView::pixelOf(static_cast<double>(visit.bytes), drawnValue(visit)) - pixel;
    if (const double distance = std::hypot(away.x(), away.y()); distance < best) {
      best = distance;
      nearest = &visit;
    }
  }
  return nearest;
}

QString TradeOffChart::describe(const QPointF& pixel) const {
  const auto near = visitNear(pixel);
  if (!near) {
    const Visit* found = searchPointNear(pixel);
    if (found == nullptr) return {};
    return bytesText(found->bytes) + QStringLiteral(" · ") + axisValueText(m_axis, *found->on(m_axis)) +
           QLatin1Char('\n') + tr("found by the search, on the half of the samples that it chooses on") +
           QLatin1Char('\n') + tr("click to use this recipe");
  }
  const auto& visit = m_visited.visits()[*near];
  QString text = bytesText(visit.bytes) + QStringLiteral(" · ") + axisValueText(m_axis, *visit.on(m_axis));
  if (visit.samples > 0)
    text += QLatin1Char('\n') + tr("%n sample(s)", nullptr, static_cast<int>(visit.samples));
  return text + QLatin1Char('\n') +
         (visit.recipe.empty() ? tr("the original") : tr("click to return to this recipe"));
}

void TradeOffChart::mousePressEvent(QMouseEvent* event) {
  const auto near = event->button() == Qt::LeftButton ? visitNear(event->position()) : std::nullopt;
  if (!near) {
    const Visit* found = event->button() == Qt::LeftButton ? searchPointNear(event->position()) : nullptr;
    if (found == nullptr) return ChartView::mousePressEvent(event);
    const auto chosen = found->recipe;  // a copy: the visits change below
    return m_document.setRecipe(chosen, tr("Use a recipe of the search"));
  }
  const auto recipe = m_visited.visits()[*near].recipe;  // a copy: the visits change below
  m_document.setRecipe(recipe, tr("Return to a visited recipe"));
}

void TradeOffChart::drawForeground(QPainter* painter, const QRectF&) {
  const auto current = m_visited.current();
  if (!current || !m_visited.visits()[*current].on(m_axis)) return;
  const auto& theme = Theme::instance();
  const auto& visit = m_visited.visits()[*current];
  const double bytes = static_cast<double>(visit.bytes);
  const QPointF at = mapToScene(pixelOf(*current).toPoint());
  const auto clampedY = [&](double quality) {
    return ChartView::pixelOf(bytes, std::clamp(quality, m_low, m_high)).y();
  };
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(theme.color(Role::Cut), 2));
  painter->drawLine(QPointF(at.x(), clampedY(visit.on(m_axis)->interval.low)),
                    QPointF(at.x(), clampedY(visit.on(m_axis)->interval.high)));
  painter->setBrush(theme.color(Role::Panel));
  painter->setPen(QPen(theme.color(Role::Cut), 3));
  painter->drawEllipse(at, 6, 6);
  QFont font = theme.caption();
  font.setWeight(QFont::DemiBold);
  painter->setFont(font);
  const QString text =
      tr("now %1 · %2").arg(bytesText(visit.bytes), axisValueText(m_axis, *visit.on(m_axis)));
  const QRectF plot = plotRect();
  const double width = QFontMetricsF(font).horizontalAdvance(text);
  const double x =
      at.x() + 12 + width > plot.right() ? std::max(plot.left(), at.x() - 12 - width) : at.x() + 12;
  const double y = at.y() + 18 < plot.bottom() ? at.y() + 18 : at.y() - 10;
  QColor ground = theme.color(Role::Ground);
  ground.setAlpha(210);
  painter->fillRect(QRectF(x - 2, y - 11, width + 4, 15), ground);
  painter->setPen(theme.color(Role::Text));
  painter->drawText(QPointF(x, y), text);
  painter->restore();
}

/// All figures that are known, whichever is drawn.
DataTable TradeOffChart::table() const {
  QStringList head{tr("Bytes"), tr("Samples")};
  const auto kind = m_document.session() ? m_document.session()->qualityKind() : core::QualityKind::Accuracy;
  for (const TradeOffFigure& figure : tradeOffFigures()) {
    const QString name = axisName(figure.axis, kind);
    head << name << tr("%1, low").arg(name) << tr("%1, high").arg(name);
  }
  DataTable rows{head << tr("Recipe")};
  for (const auto& visit : m_visited.visits()) {
    QStringList row{QString::number(visit.bytes), QString::number(visit.samples)};
    for (const TradeOffFigure& figure : tradeOffFigures()) {
      const QualityValue* value = visit.on(figure.axis);
      row << (value ? QString::number(value->value) : QString())
          << (value ? QString::number(value->interval.low) : QString())
          << (value ? QString::number(value->interval.high) : QString());
    }
    rows.push_back(row << QString::fromStdString(core::toJson(visit.recipe, -1)));
  }
  return rows;
}

}  // namespace lapidary::ui
