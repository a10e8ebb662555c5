// SPDX-License-Identifier: GPL-3.0-or-later
// A named slider with its typed value beside it; a drag, or a run of keys or wheel notches, is one change.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>

#include "ui/widgets/slider_track.h"

class QLabel;
class QLineEdit;

namespace lapidary::ui {

class ValueSlider : public QWidget {
  Q_OBJECT

 public:
  /// How values are written and read; `scale` is text per value (100 for per cent), `suffix` the unit.
  struct Format {
    double scale = 1;
    QString suffix;
    std::function<QString(double scaled)> text;  ///< without the suffix
  };
  /// For values that are counts.
  static Format wholeNumbers();

  ValueSlider(const QString& name, const QString& tip, Format format, QWidget* parent = nullptr);
  ~ValueSlider() override;

  void setName(const QString& name);
  void setRange(double low, double high) { m_track->setRange(low, high); }
  /// `step` is what a key or a wheel notch moves; values snap to multiples of `snap` (0: they do not).
  void setStep(double step, double snap);
  void setTicks(std::vector<double> ticks) { m_track->setTicks(std::move(ticks)); }
  void setResetValue(double value) { m_reset = value; }
  /// Shows a value without emitting. Ignored while the person types.
  void setValue(double value);
  void setMixed();
  double value() const { return m_track->value(); }

  SliderTrack* track() const { return m_track; }
  QLineEdit* editor() const { return m_edit; }

 signals:
  void dragStarted();
  void changed(double value);
  void dragFinished();

 private:
  void showText(double value);
  void take(double value);
  void takeNudge(double value);
  void takeText();
  void endNudge();

  Format m_format;
  double m_reset = 0;
  bool m_nudging = false, m_mixed = false;
  QLabel* m_name;
  QLineEdit* m_edit;
  SliderTrack* m_track;
  QTimer m_nudgeEnd;
};

}  // namespace lapidary::ui
