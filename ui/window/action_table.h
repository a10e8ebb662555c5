// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of what the window can do: menus, buttons, shortcuts and the page of keys are made of it.
#pragma once

#include <functional>

#include "ui/actions/action_info.h"

class QTabWidget;

namespace lapidary::ui {

class MainWindow;

struct ActionRow {
  ActionInfo info;
  std::function<void(MainWindow&)> run;
  std::function<bool(MainWindow&)> enabled = {};        ///< empty: always
  std::function<bool(MainWindow&)> checked = {};        ///< empty: it has no mark
  std::function<QString(MainWindow&)> presentTip = {};  ///< stands before the tip that never changes
  QString shortText = {};                               ///< on a button, where the text is too long
  bool oncePerPress = false;                            ///< a key that is held down counts once
};

/// In the language that is installed now; a row for each tab, from left to right.
std::vector<ActionRow> actionTable(const QTabWidget& tabs);

}  // namespace lapidary::ui
