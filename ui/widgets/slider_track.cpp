// SPDX-License-Identifier: GPL-3.0-or-later
// Painting and input of the slider's track.
#include "ui/widgets/slider_track.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {
constexpr double radius = SliderScale::margin - 1;
}  // namespace

SliderTrack::SliderTrack(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SliderTrack::setRange(double low, double high) {
  m_scale.low = low;
  m_scale.high = std::max(high, low);
  update();
}

void SliderTrack::setTicks(std::vector<double> ticks) {
  m_ticks = std::move(ticks);
  update();
}

void SliderTrack::setValue(double value) {
  m_motion.value = clamped(value);
  update();
}

void SliderTrack::setMixed(bool mixed) {
  m_mixed = mixed;
  update();
}

SliderScale SliderTrack::scale() const {
  SliderScale scale = m_scale;
  scale.width = width();
  return scale;
}

SliderMotion SliderTrack::motion() const {
  SliderMotion motion = m_motion;
  motion.scale = scale();
  return motion;
}

QPoint SliderTrack::pointOf(double value) const {
  return {static_cast<int>(std::lround(position(value))), height() / 2};
}

QPoint SliderTrack::handle() const { return pointOf(value()); }

void SliderTrack::paintEvent(QPaintEvent*) {
  const auto& theme = Theme::instance();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double middle = height() / 2.0, x = position(value());
  const QColor line = theme.color(Role::Line);
  const QColor accent = isEnabled() ? theme.color(Role::Cut) : theme.color(Role::Muted);
  painter.setPen(QPen(line, 4, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(QPointF(3, middle), QPointF(width() - 3, middle));
  if (!m_mixed) {
    painter.setPen(QPen(accent, 4, Qt::SolidLine, Qt::RoundCap));
    if (value() > m_scale.low) painter.drawLine(QPointF(3, middle), QPointF(x, middle));
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
  m_motion.began = value();
  m_motion.held.reset();
  emit pressed();
  const double x = event->position().x(), away = x - position(value());
  m_grip = !m_mixed && std::fabs(away) <= radius ? away : 0;
  if (m_grip != 0) m_motion.held = x - m_grip;
  if (m_grip == 0 && (m_mixed || scale().valueAt(x) != value())) hold(x);
}

void SliderTrack::mouseMoveEvent(QMouseEvent* event) {
  if (!m_dragging) return;
  const double x = event->position().x() - m_grip;
  if (scale().valueAt(x) != value()) hold(x);
}

/// The handle follows the mouse.
void SliderTrack::hold(double x) {
  m_motion.before = value();
  m_motion.heldBefore = m_motion.held.value_or(position(value()));
  m_motion.held = x;
  setValue(scale().valueAt(x));
  emit moved(value());
}

void SliderTrack::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !m_dragging) return;
  m_dragging = false;
  m_motion.held.reset();
  emit released();
}

void SliderTrack::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) emit resetAsked();
}

void SliderTrack::wheelEvent(QWheelEvent* event) {
  m_wheel += event->angleDelta().y();
  const double notches = std::trunc(m_wheel / 120);
  m_wheel -= notches * 120;
  if (notches != 0) nudge(m_scale.nudged(value(), notches));
  event->accept();
}

void SliderTrack::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
      return nudge(m_scale.nudged(value(), -1));
    case Qt::Key_Right:
    case Qt::Key_Up:
      return nudge(m_scale.nudged(value(), 1));
    case Qt::Key_PageDown:
      return nudge(m_scale.nudged(value(), -10));
    case Qt::Key_PageUp:
      return nudge(m_scale.nudged(value(), 10));
    case Qt::Key_Home:
      return nudge(m_scale.low);
    case Qt::Key_End:
      return nudge(m_scale.high);
    default:
      QWidget::keyPressEvent(event);
  }
}

void SliderTrack::nudge(double next) {
  m_motion.began = m_motion.before = value();
  m_motion.held.reset();
  emit nudged(next);
}

}  // namespace lapidary::ui
