// SPDX-License-Identifier: GPL-3.0-or-later
// The page of shortcuts: every key of the program, by menu and by control.
#pragma once

#include <QDialog>

class QPushButton;
class QScrollArea;

namespace lapidary::ui {

/// Shows what KeyBindings has, and follows it.
class ShortcutsDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ShortcutsDialog(QWidget* parent = nullptr);

  QPushButton* changeButton() const { return m_change; }

 signals:
  /// The user wants other keys.
  void changeAsked();

 private:
  void fill();

  QScrollArea* m_area;
  QPushButton* m_change;
};

}  // namespace lapidary::ui
