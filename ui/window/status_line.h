// SPDX-License-Identifier: GPL-3.0-or-later
// The line at the bottom: how far the evaluation is, and the tray of jobs.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/document/document.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace lapidary::ui {

class JobList;
class LiveEvaluation;
class ModelOpener;

class StatusLine : public QWidget {
  Q_OBJECT

 public:
  StatusLine(Document& document, LiveEvaluation& live, ModelOpener& opener, JobList& jobs,
             QWidget* parent = nullptr);

  QString text() const;
  /// A sentence for a few seconds.
  void say(const QString& sentence);
  QPushButton* stopButton() const { return m_stop; }

 signals:
  void languageAsked(const QString& code);

 private:
  void refresh();
  void refreshMachine();

  Document& m_document;
  LiveEvaluation& m_live;
  ModelOpener& m_opener;
  QLabel *m_state, *m_said;
  QProgressBar* m_progress;
  QPushButton* m_stop;
  QTimer m_machineTimer, m_saying;
};

}  // namespace lapidary::ui
