// SPDX-License-Identifier: GPL-3.0-or-later
// The page of the settings on which the user changes keys.
#pragma once

#include <QWidget>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace lapidary::ui {

/// Every change holds at once; keys that have an owner are given only after its name was shown.
class KeysPage : public QWidget {
  Q_OBJECT

 public:
  explicit KeysPage(QWidget* parent = nullptr);

  /// Chooses the row of an action, as a click would; the search is cleared.
  void choose(const QString& id);
  QString chosen() const;

  QLineEdit* search() const { return m_search; }
  QTableView* table() const { return m_table; }
  QKeySequenceEdit* edit() const { return m_edit; }
  QPushButton* takeButton() const { return m_take; }
  QPushButton* removeButton() const { return m_remove; }
  QPushButton* resetButton() const { return m_reset; }
  QPushButton* resetAllButton() const { return m_resetAll; }
  QString notice() const;

 private:
  QWidget* makeEditor();
  void connectParts();
  void propose(const QKeySequence& keys);
  void showChosen();
  void showNotice(const QString& text, bool warning);
  void refreshButtons();

  QLineEdit* m_search;
  QSortFilterProxyModel* m_shown;
  QTableView* m_table;
  QLabel *m_name, *m_notice;
  QKeySequenceEdit* m_edit;
  QPushButton *m_take, *m_remove, *m_reset, *m_resetAll;
};

}  // namespace lapidary::ui
