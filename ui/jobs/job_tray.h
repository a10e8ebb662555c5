// SPDX-License-Identifier: GPL-3.0-or-later
// The tray of jobs in the status line: what is at work, how long it takes, and its hands in a menu.
#pragma once

#include <QToolButton>

class QMenu;

namespace lapidary::ui {

class JobList;
class LongJob;

/// Hidden while there is no job. One job stands in the button by its words; of several, their number and the
/// menu name each.
class JobTray : public QToolButton {
  Q_OBJECT

 public:
  explicit JobTray(JobList& jobs, QWidget* parent = nullptr);

  /// "Repair: epoch 2 of 5 · 15 s left".
  static QString lineOf(const LongJob& job);

 private:
  void refresh();
  void fillMenu();
  void addJob(LongJob& job);

  JobList& m_jobs;
  QMenu* m_menu;
};

}  // namespace lapidary::ui
