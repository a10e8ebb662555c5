// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the table as actions of one window: with keys, marks and tooltips as they are now.
#pragma once

#include <QAction>
#include <QHash>
#include <QObject>

#include "ui/window/action_table.h"

class QPushButton;

namespace lapidary::ui {

class WindowActions : public QObject {
  Q_OBJECT

 public:
  WindowActions(MainWindow& window, std::vector<ActionRow> rows);

  /// The action of an id that the table has.
  QAction* at(const QString& id) const;
  /// Those whose id starts so, in the table's order: one of them counts at a time.
  QList<QAction*> startingWith(const QString& prefix) const;
  const std::vector<ActionRow>& rows() const { return m_rows; }

  /// Takes up what is enabled and marked now.
  void refresh();

 private:
  void make(const ActionRow& row);
  void followWindow();
  void takeKeys();

  MainWindow& m_window;
  std::vector<ActionRow> m_rows;
  QHash<QString, QAction*> m_actions;
};

/// The action's tip, with its keys.
QString tipWithKeys(const QAction& action);
/// Gives the button text, tooltip and state of the action, and the click to the action.
void followAction(QPushButton* button, QAction* action);

}  // namespace lapidary::ui
