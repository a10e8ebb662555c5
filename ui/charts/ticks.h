// SPDX-License-Identifier: GPL-3.0-or-later
// The ticks of an axis and the texts beside them: pure functions.
#pragma once

#include <QString>
#include <functional>
#include <vector>

namespace lapidary::ui {

enum class AxisScale { Linear, Log };

struct Tick {
  double value = 0;  ///< in data units
  QString text;
};

/// Text of a tick; `step` is the distance to the next one (the value itself on a log axis).
using TickText = std::function<QString(double value, double step)>;

/// The number with as many decimals as the step asks for and a true minus sign: "−0.025".
QString plainTickText(double value, double step);
/// Powers of ten for counts: 1, 10, 100, 10³, 10⁴, ...; other values plainly.
QString powerTickText(double value, double step);

/// A share in percent, without the sign: "25" for 0.25.
QString percentTickText(double value, double step);

/// 1, 2, 2.5 or 5 times a power of ten, so that about `wanted` steps cover low to high.
double niceStep(double low, double high, int wanted);
/// The smallest range of whole steps that holds low to high; a point or an empty range is widened.
std::pair<double, double> niceRange(double low, double high, int wanted = 5);

/// Ticks in [low, high]. On a log axis (low > 0) powers of ten, or 1-2-5 steps where the range holds
/// fewer than two of them; powers are skipped where there are more than `wanted`.
std::vector<Tick> axisTicks(double low, double high, AxisScale scale = AxisScale::Linear, int wanted = 5,
                            const TickText& text = {});

}  // namespace lapidary::ui
