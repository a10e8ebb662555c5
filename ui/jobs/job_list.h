// SPDX-License-Identifier: GPL-3.0-or-later
// The long jobs of a window, wherever they belong.
#pragma once

#include <QList>
#include <QObject>

namespace lapidary::ui {

class LongJob;

class JobList : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// From now on the job is in the list while it is not idle. Adding it again changes nothing.
  void watch(LongJob* job);

  QList<LongJob*> present() const;  ///< not idle, in the order in which they were first watched
  QList<LongJob*> active() const;   ///< running or paused

 signals:
  void changed();

 private:
  QList<LongJob*> m_jobs;
};

}  // namespace lapidary::ui
