// SPDX-License-Identifier: GPL-3.0-or-later
// "Repair": trains what a cut has left, with a forecast, live curves, a pause, and the best applied as one
// step.
#pragma once

#include <QDialog>
#include <QElapsedTimer>
#include <QTimer>
#include <stop_token>

#include "ui/document/document.h"
#include "ui/repair/repair_run.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace lapidary::ui {

class BackgroundJob;
class RepairCharts;
class RepairForm;

/// Hidden when it is closed, not deleted: a training that is told to end needs the time of a step, for which
/// the window must not wait.
class RepairDialog : public QDialog {
  Q_OBJECT

 public:
  explicit RepairDialog(Document& document, QWidget* parent = nullptr);
  ~RepairDialog() override;

  /// To be called before it is shown: `demo` brings training digits of its own.
  void setDemo(bool demo);

  void start();
  /// Ends the training; the best epoch so far is applied.
  void stop();
  /// Ends it and changes nothing.
  void discard();
  void setPaused(bool paused);
  bool running() const;
  bool paused() const { return m_gate->paused(); }
  /// Paused, and the step that was under way has ended.
  bool resting() const { return m_gate->holds(); }

  RepairForm* form() const { return m_form; }
  RepairCharts* charts() const { return m_charts; }
  QPushButton* startButton() const { return m_start; }
  QPushButton* pauseButton() const { return m_pause; }
  QPushButton* discardButton() const { return m_discard; }
  QLabel* state() const { return m_state; }
  QLabel* forecast() const { return m_forecast; }

 public slots:
  void reject() override;

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void build();
  void followDocument();
  void showState();
  void askForecast();
  void take(const RepairNews& news);
  void finish(const RepairResult& result);
  QString sentence(const RepairResult& result) const;
  QString timeLeft() const;
  void say(const QString& sentence);

  Document& m_document;
  bool m_demo = false;
  BackgroundJob *m_job, *m_forecastJob;
  std::shared_ptr<PauseGate> m_gate;
  std::stop_source m_stop;
  QTimer m_forecastSoon;
  QElapsedTimer m_trainingSince;  ///< the present stretch without a pause
  double m_trainedSeconds = 0;    ///< of the stretches before
  double m_epochsDone = 0, m_epochsAsked = 0;
  RepairForm* m_form;
  RepairCharts* m_charts;
  QLabel *m_forecast, *m_state;
  QProgressBar* m_progress;
  QPushButton *m_start, *m_pause, *m_discard, *m_close;
};

}  // namespace lapidary::ui
