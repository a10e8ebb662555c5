// Short dialogs of the help menu: about the program, and its shortcuts.
#pragma once

#include <QList>

class QAction;
class QWidget;

namespace lapidary::ui {

void showAbout(QWidget* parent);
/// Every action that has a shortcut, with it.
void showShortcuts(QWidget* parent, const QList<QAction*>& actions);

}  // namespace lapidary::ui
