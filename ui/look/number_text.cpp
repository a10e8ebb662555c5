// Number formatting in the language of the program.
#include "ui/look/number_text.h"

#include <QLocale>
#include <array>
#include <cmath>

namespace lapidary::ui {

namespace {

const QChar trueMinus(0x2212);

/// The program's locale; the "C" locale groups no thousands, so English stands in for it.
QLocale numberLocale() {
  const QLocale locale;
  return locale.language() == QLocale::C ? QLocale(QLocale::English, QLocale::UnitedStates) : locale;
}

QString withTrueMinus(QString text) { return text.replace(QLatin1Char('-'), trueMinus); }

/// Decimals that show `figures` significant figures of `value` after rounding.
int decimalsFor(double value, int figures) {
  if (value == 0) return figures - 1;
  const double magnitude = std::floor(std::log10(std::fabs(value)));
  const double step = std::pow(10.0, magnitude - figures + 1);
  const double rounded = std::fabs(std::round(value / step) * step);
  return std::max(0, figures - 1 - static_cast<int>(std::floor(std::log10(rounded) + 1e-9)));
}

}  // namespace

QString fixedText(double value, int decimals) {
  return withTrueMinus(numberLocale().toString(value, 'f', decimals));
}

QString bytesText(std::uint64_t bytes) {
  static constexpr std::array units{"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return QStringLiteral("%1 B").arg(bytes);
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fixedText(value, decimalsFor(value, 3)) + QLatin1Char(' ') + QLatin1String(units[unit]);
}

QString countText(std::int64_t count) {
  return withTrueMinus(numberLocale().toString(static_cast<qlonglong>(count)));
}

QString shortCountText(std::int64_t count) {
  static constexpr std::array units{"k", "M", "G", "T"};
  if (std::llabs(count) < 1000) return countText(count);
  double value = static_cast<double>(count) / 1000;
  std::size_t unit = 0;
  for (; std::fabs(value) >= 999.95 && unit + 1 < units.size(); ++unit) value /= 1000;
  return fixedText(value, 1) + QLatin1Char(' ') + QLatin1String(units[unit]);
}

QString percentText(double share, int decimals) {
  return fixedText(share * 100, decimals) + QStringLiteral(" %");
}

QString pointsText(double shareDifference) {
  const QString text = fixedText(std::fabs(shareDifference) * 100, 2);
  if (text == fixedText(0, 2)) return text;
  return (shareDifference < 0 ? trueMinus : QLatin1Char('+')) + text;
}

QString significantText(double value, int figures) {
  if (std::isnan(value)) return QStringLiteral("–");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : trueMinus + QStringLiteral("∞");
  const double magnitude = std::fabs(value);
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e9))
    return withTrueMinus(numberLocale().toString(value, 'e', figures - 1));
  return fixedText(value, decimalsFor(value, figures));
}

QString millisecondsText(double seconds) {
  if (seconds >= 1) return significantText(seconds, 3) + QStringLiteral(" s");
  const double milliseconds = seconds * 1000;
  return significantText(milliseconds, milliseconds < 1 ? 2 : 3) + QStringLiteral(" ms");
}

}  // namespace lapidary::ui
