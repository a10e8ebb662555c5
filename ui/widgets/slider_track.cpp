// Painting and input of the slider's track.
#include "ui/widgets/slider_track.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/theme.h"

namespace lapidary::ui {

namespace {
constexpr double radius = 7;
constexpr double margin = radius + 1;
}  // namespace

SliderTrack::SliderTrack(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SliderTrack::setRange(double low, double high) {
  m_low = low;
  m_high = std::max(high, low);
  update();
}

void SliderTrack::setTicks(std::vector<double> ticks) {
  m_ticks = std::move(ticks);
  update();
}

void SliderTrack::setValue(double value) {
  m_value = clamped(value);
  update();
}

void SliderTrack::setMixed(bool mixed) {
  m_mixed = mixed;
  update();
}

double SliderTrack::clamped(double value) const {
  if (m_snap > 0) value = m_low + std::round((value - m_low) / m_snap) * m_snap;
  return std::clamp(value, m_low, m_high);
}

double SliderTrack::position(double value) const {
  const double span = m_high > m_low ? (value - m_low) / (m_high - m_low) : 0;
  return margin + std::clamp(span, 0.0, 1.0) * (width() - 2 * margin);
}

double SliderTrack::valueAt(double x) const {
  const double span = std::max(1.0, width() - 2 * margin);
  return clamped(m_low + std::clamp((x - margin) / span, 0.0, 1.0) * (m_high - m_low));
}

QPoint SliderTrack::pointOf(double value) const {
  return {static_cast<int>(std::lround(position(value))), height() / 2};
}

QPoint SliderTrack::handle() const { return pointOf(m_value); }

void SliderTrack::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::instance();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double middle = height() / 2.0, x = position(m_value);
  const QColor line = theme.color(Role::Line);
  const QColor accent = isEnabled() ? theme.color(Role::Cut) : theme.color(Role::Muted);
  painter.setPen(QPen(line, 4, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(QPointF(3, middle), QPointF(width() - 3, middle));
  if (!m_mixed) {
    painter.setPen(QPen(accent, 4, Qt::SolidLine, Qt::RoundCap));
    if (m_value > m_low) painter.drawLine(QPointF(3, middle), QPointF(x, middle));
  }
  painter.setPen(QPen(theme.color(Role::Muted), 1));
  for (const double tick : m_ticks)
    painter.drawLine(QPointF(position(tick), middle + 4), QPointF(position(tick), middle + 8));
  if (m_mixed) return;
  painter.setPen(QPen(accent, hasFocus() ? 3 : 2));
  painter.setBrush(theme.color(Role::Panel));
  painter.drawEllipse(QPointF(x, middle), radius - 1, radius - 1);
}

void SliderTrack::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  m_dragging = true;
  emit pressed();
  const double x = event->position().x(), away = x - position(m_value);
  m_grip = !m_mixed && std::fabs(away) <= radius ? away : 0;
  if (m_grip == 0 && (m_mixed || valueAt(x) != m_value)) {
    setValue(valueAt(x));
    emit moved(m_value);
  }
}

void SliderTrack::mouseMoveEvent(QMouseEvent* event) {
  if (!m_dragging) return;
  const double next = valueAt(event->position().x() - m_grip);
  if (next == m_value) return;
  setValue(next);
  emit moved(m_value);
}

void SliderTrack::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !m_dragging) return;
  m_dragging = false;
  emit released();
}

void SliderTrack::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) emit resetAsked();
}

void SliderTrack::wheelEvent(QWheelEvent* event) {
  m_wheel += event->angleDelta().y();
  const double notches = std::trunc(m_wheel / 120);
  m_wheel -= notches * 120;
  if (notches != 0) nudge(notches);
  event->accept();
}

void SliderTrack::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
      return nudge(-1);
    case Qt::Key_Right:
    case Qt::Key_Up:
      return nudge(1);
    case Qt::Key_PageDown:
      return nudge(-10);
    case Qt::Key_PageUp:
      return nudge(10);
    case Qt::Key_Home:
      emit nudged(m_low);
      return;
    case Qt::Key_End:
      emit nudged(m_high);
      return;
    default:
      QWidget::keyPressEvent(event);
  }
}

void SliderTrack::nudge(double steps) { emit nudged(clamped(m_value + steps * m_step)); }

}  // namespace lapidary::ui
