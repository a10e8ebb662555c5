// SPDX-License-Identifier: GPL-3.0-or-later
// The application's one style sheet, written with the theme's colours.
#pragma once

#include <QString>

namespace lapidary::ui {

class Theme;

QString styleSheet(const Theme& theme);

}  // namespace lapidary::ui
