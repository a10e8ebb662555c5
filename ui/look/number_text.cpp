// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the core in the window: QString, and a true minus sign.
#include "ui/look/number_text.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/support/number_text.h"

namespace lapidary::ui {

namespace {

QString inType(const std::string& number) { return QString::fromStdString(core::withTrueMinus(number)); }

}  // namespace

QString fixedText(double value, int decimals) { return inType(core::fixedText(value, decimals)); }
QString bytesText(std::uint64_t bytes) { return inType(core::bytesText(bytes)); }
QString countText(std::int64_t count) { return inType(core::countText(count)); }
QString shortCountText(std::int64_t count) { return inType(core::shortCountText(count)); }
QString percentText(double share, int decimals) { return inType(core::percentText(share, decimals)); }
QString pointsText(double shareDifference) { return inType(core::pointsText(shareDifference)); }
QString significantText(double value, int figures) { return inType(core::significantText(value, figures)); }

QString millisecondsText(double seconds) {
  if (seconds >= 1) return significantText(seconds, 3) + QStringLiteral(" s");
  const double milliseconds = seconds * 1000;
  return significantText(milliseconds, milliseconds < 1 ? 2 : 3) + QStringLiteral(" ms");
}

QString durationText(double seconds) {
  const auto whole = std::max<qint64>(1, std::llround(seconds));
  const auto tr = [](const char* text) { return QCoreApplication::translate("Duration", text); };
  if (whole < 60) return tr(QT_TRANSLATE_NOOP("Duration", "%1 s")).arg(whole);
  if (whole < 3600) return tr(QT_TRANSLATE_NOOP("Duration", "%1 min %2 s")).arg(whole / 60).arg(whole % 60);
  return tr(QT_TRANSLATE_NOOP("Duration", "%1 h %2 min")).arg(whole / 3600).arg(whole % 3600 / 60);
}

}  // namespace lapidary::ui
