// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of numbers as people type them: "0.485, 0.456, 0.406".
#pragma once

#include <QString>
#include <optional>
#include <vector>

namespace lapidary::ui {

/// Separated by commas, semicolons or blanks; nothing typed gives an empty list, anything that is no
/// number gives nothing at all.
std::optional<std::vector<double>> numbersFrom(const QString& text);
/// A number or a fraction of two ("1/255"); nothing typed is 1; anything else gives nothing.
std::optional<double> scaleFrom(const QString& text);
QString textOf(const std::vector<double>& numbers);

}  // namespace lapidary::ui
