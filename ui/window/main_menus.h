// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the main window, made of its actions.
#pragma once

namespace lapidary::ui {

class MainWindow;

/// Fills the menu bar of the window's top bar.
void buildMenus(MainWindow& window);

}  // namespace lapidary::ui
