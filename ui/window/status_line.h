// SPDX-License-Identifier: GPL-3.0-or-later
// The line at the bottom: how far the evaluation is, how quick the first figure was, workers and cache.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/document/document.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace lapidary::ui {

class LiveEvaluation;
class ModelOpener;

class StatusLine : public QWidget {
  Q_OBJECT

 public:
  StatusLine(Document& document, LiveEvaluation& live, ModelOpener& opener, QWidget* parent = nullptr);

  QString text() const;
  QPushButton* stopButton() const { return m_stop; }

 signals:
  void languageAsked(const QString& code);

 private:
  void refresh();
  void refreshMachine();

  Document& m_document;
  LiveEvaluation& m_live;
  ModelOpener& m_opener;
  QLabel *m_state, *m_first, *m_machine;
  QProgressBar* m_progress;
  QPushButton* m_stop;
  QTimer m_machineTimer;
};

}  // namespace lapidary::ui
