// SPDX-License-Identifier: GPL-3.0-or-later
// Colours and type by meaning, for light and dark; the one place where a colour has a value.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>

namespace lapidary::ui {

enum class Role {
  Ground,
  Panel,
  Line,
  Text,
  Muted,
  Original,  ///< slate: the model as it was opened
  Cut,       ///< jade: the accent, and the model as cut
  CutSoft,   ///< a tint of jade for selections
  Loss,      ///< vermilion: losses and thresholds
  Gain,      ///< blue
};

enum class Appearance { System, Light, Dark };

class Theme : public QObject {
  Q_OBJECT

 public:
  static Theme& instance();

  void setAppearance(Appearance appearance);  ///< remembered in the settings
  Appearance appearance() const;
  /// Like setAppearance, for this run alone.
  void useForThisRun(Appearance appearance);
  bool dark() const;

  QColor color(Role role) const;
  QFont body() const;     ///< 13 px
  QFont caption() const;  ///< 11 px
  QFont figure() const;   ///< 25 px, tabular digits
  /// The application-wide style sheet and palette for the present appearance.
  void apply();

  /// x in [-1, 1], the panel's colour at zero; x in [0, 1]. For maps with a colour bar.
  QRgb diverging(double x) const;
  QRgb sequential(double x) const;

 signals:
  void changed();

 private:
  int m_forRun = -1;  ///< an Appearance that stands before the settings; -1: none
};

}  // namespace lapidary::ui
