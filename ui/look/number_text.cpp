// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the core in the window: QString, and a true minus sign.
#include "ui/look/number_text.h"

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

}  // namespace lapidary::ui
