// SPDX-License-Identifier: GPL-3.0-or-later
// The track of a slider: a line, ticks and a handle that is dragged, wheeled or moved by keys.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/widgets/slider_scale.h"

namespace lapidary::ui {

class SliderTrack : public QWidget {
  Q_OBJECT

 public:
  explicit SliderTrack(QWidget* parent = nullptr);

  void setRange(double low, double high);
  void setStep(double step) { m_scale.step = step; }
  /// Values snap to multiples of this above the low end; 0 leaves them as they are.
  void setSnap(double quantum) { m_scale.snap = quantum; }
  void setTicks(std::vector<double> ticks);
  void setValue(double value);
  void setMixed(bool mixed);

  double value() const { return m_motion.value; }
  double low() const { return m_scale.low; }
  double high() const { return m_scale.high; }
  double step() const { return m_scale.step; }
  double clamped(double value) const { return m_scale.clamped(value); }
  /// How the handle came to stand where it stands.
  SliderMotion motion() const;
  /// The handle's centre, for tests that drag it.
  QPoint handle() const;
  QPoint pointOf(double value) const;

  QSize sizeHint() const override { return {160, 18}; }
  QSize minimumSizeHint() const override { return {60, 18}; }

 signals:
  void pressed();
  void moved(double value);
  void released();
  void nudged(double value);  ///< by a key or the wheel
  void resetAsked();

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  SliderScale scale() const;
  double position(double value) const { return scale().position(value); }
  void hold(double x);
  void nudge(double value);

  SliderScale m_scale;    ///< but for its width
  SliderMotion m_motion;  ///< but for its scale
  bool m_mixed = false, m_dragging = false;
  double m_grip = 0;   ///< pixels between the handle's centre and where it was grabbed
  double m_wheel = 0;  ///< eighths of a degree not yet used
  std::vector<double> m_ticks;
};

}  // namespace lapidary::ui
