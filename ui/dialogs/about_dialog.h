// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog that says what the program is and what it is built on.
#pragma once

class QWidget;

namespace lapidary::ui {

void showAbout(QWidget* parent);

}  // namespace lapidary::ui
