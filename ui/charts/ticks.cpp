// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks at round numbers, as people read axes.
#include "ui/charts/ticks.h"

#include <algorithm>
#include <cmath>

namespace lapidary::ui {
namespace {

/// Guards loops against absurd ranges.
constexpr int mostTicks = 60;

QString withTrueMinus(QString text) { return text.replace(QLatin1Char('-'), QChar(0x2212)); }

QString superscript(int exponent) {
  static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
  QString text = exponent < 0 ? QStringLiteral("⁻") : QString();
  for (const QChar digit : QString::number(std::abs(exponent))) text += digits[digit.digitValue()];
  return text;
}

/// Fewest decimals that write the step exactly, as far as a step is round.
int decimalsOf(double step) {
  int decimals = 0;
  for (double scaled = step; decimals < 9 && std::abs(scaled - std::round(scaled)) > 1e-6 * scaled;
       ++decimals)
    scaled *= 10;
  return decimals;
}

std::vector<Tick> linearTicks(double low, double high, int wanted, const TickText& text) {
  std::vector<Tick> ticks;
  const double step = niceStep(low, high, wanted);
  const double first = std::ceil(low / step - 1e-9);
  for (int i = 0; i < mostTicks; ++i) {
    double value = (first + i) * step;
    if (value > high + step * 1e-9) break;
    if (std::abs(value) < step * 1e-9) value = 0;
    ticks.push_back({value, text ? text(value, step) : plainTickText(value, step)});
  }
  return ticks;
}

std::vector<Tick> logTicks(double low, double high, int wanted, const TickText& text) {
  std::vector<Tick> ticks;
  const auto inRange = [&](double v) { return v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9); };
  const int from = static_cast<int>(std::floor(std::log10(low)));
  const int to = static_cast<int>(std::ceil(std::log10(high)));
  const auto label = [&](double v) { return text ? text(v, v) : powerTickText(v, v); };
  const int powers = std::max(1, to - from);
  const int stride = std::max(1, (powers + wanted - 1) / std::max(1, wanted));
  const bool fine = std::log10(high / low) * 2 < wanted;
  for (int exponent = from; exponent <= to && exponent - from < 10 * mostTicks;
       exponent += fine ? 1 : stride) {
    const double power = std::pow(10.0, exponent);
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (!fine && factor > 1) break;
      if (inRange(power * factor)) ticks.push_back({power * factor, label(power * factor)});
    }
  }
  return ticks;
}

}  // namespace

QString plainTickText(double value, double step) {
  const double magnitude = std::max(std::abs(value), std::abs(step));
  if (magnitude >= 1e7 || (magnitude > 0 && magnitude < 1e-4))
    return withTrueMinus(QString::number(value, 'g', 4));
  if (value == 0) return QStringLiteral("0");
  return withTrueMinus(QString::number(value, 'f', decimalsOf(step)));
}

QString powerTickText(double value, double step) {
  const double exponent = std::log10(value);
  if (value < 1000 || std::abs(exponent - std::round(exponent)) > 1e-6) return plainTickText(value, step);
  return QStringLiteral("10") + superscript(static_cast<int>(std::lround(exponent)));
}

QString percentTickText(double value, double) { return QString::number(value * 100, 'f', 0); }

double niceStep(double low, double high, int wanted) {
  const double range = high - low;
  if (!(range > 0) || !std::isfinite(range)) return 1;
  const double raw = range / std::max(1, wanted);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double factor = raw / power;
  return power * (factor <= 1.0001   ? 1
                  : factor <= 2.0001 ? 2
                  : factor <= 2.5001 ? 2.5
                  : factor <= 5.0001 ? 5
                                     : 10);
}

std::pair<double, double> niceRange(double low, double high, int wanted) {
  if (!std::isfinite(low) || !std::isfinite(high)) return {0, 1};
  if (low > high) std::swap(low, high);
  if (low == high) {
    const double margin = low == 0 ? 1 : std::abs(low) * 0.1;
    low -= margin;
    high += margin;
  }
  const double step = niceStep(low, high, wanted);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step};
}

std::vector<Tick> axisTicks(double low, double high, AxisScale scale, int wanted, const TickText& text) {
  if (!std::isfinite(low) || !std::isfinite(high) || !(low < high)) return {};
  if (scale == AxisScale::Log) return low > 0 ? logTicks(low, high, wanted, text) : std::vector<Tick>{};
  return linearTicks(low, high, wanted, text);
}

}  // namespace lapidary::ui
