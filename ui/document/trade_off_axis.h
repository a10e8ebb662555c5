// SPDX-License-Identifier: GPL-3.0-or-later
// The figures that can stand on the upright axis of the trade-off chart: one row of a table each.
#pragma once

#include <QString>
#include <span>

#include "ui/look/figure_text.h"

namespace lapidary::ui {

enum class TradeOffAxis { Quality, RankCorrelation, Ssim, TopOverlap, CalibrationError, Attacked };

/// To add an axis: a value above, a row in trade_off_axis.cpp, and its words there.
struct TradeOffFigure {
  TradeOffAxis axis;
  const char* key;  ///< in session files
  bool percent;     ///< drawn in per cent; else as it is
  bool fewerIsBetter;
  double least, most;  ///< that the figure can be
  std::optional<QualityValue> (*valueOf)(const core::Outcome& outcome);
};

/// The quality first.
std::span<const TradeOffFigure> tradeOffFigures();
const TradeOffFigure& figureOf(TradeOffAxis axis);

QString axisName(TradeOffAxis axis, core::QualityKind kind);
QString axisTip(TradeOffAxis axis);
QString axisValueText(TradeOffAxis axis, const QualityValue& value);

}  // namespace lapidary::ui
