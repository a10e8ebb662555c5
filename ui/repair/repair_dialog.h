// SPDX-License-Identifier: GPL-3.0-or-later
// "Repair": trains what a cut has left, with a forecast, live curves, a pause, and the best offered as one
// step.
#pragma once

#include <QDialog>
#include <QTimer>
#include <optional>
#include <stop_token>

#include "ui/document/document.h"
#include "ui/repair/repair_run.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace lapidary::ui {

class BackgroundJob;
class LongJob;
class RepairCharts;
class RepairForm;

/// Closing it leaves the training at work, and what it found waits until it is taken or discarded. It is
/// hidden then, not deleted: a training that is told to end needs the time of a step, for which the window
/// must not wait.
class RepairDialog : public QDialog {
  Q_OBJECT

 public:
  explicit RepairDialog(Document& document, QWidget* parent = nullptr);
  ~RepairDialog() override;

  /// To be called before it is shown: `demo` brings training digits of its own.
  void setDemo(bool demo);

  void start();
  /// Ends the training; the best epoch so far is offered.
  void stop();
  /// Ends it, or forgets what it found; nothing is changed.
  void discard();
  /// Takes what the training found as one step.
  void apply();
  void setPaused(bool paused);
  bool running() const;
  bool holdsResult() const { return m_found.has_value(); }
  LongJob* longJob() const { return m_long; }
  bool paused() const { return m_gate->paused(); }
  /// Paused, and the step that was under way has ended.
  bool resting() const { return m_gate->holds(); }

  RepairForm* form() const { return m_form; }
  RepairCharts* charts() const { return m_charts; }
  QPushButton* startButton() const { return m_start; }
  QPushButton* pauseButton() const { return m_pause; }
  QPushButton* discardButton() const { return m_discard; }
  QPushButton* applyButton() const { return m_apply; }
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
  void say(const QString& sentence);
  void end(const QString& sentence);

  Document& m_document;
  bool m_demo = false;
  BackgroundJob *m_job, *m_forecastJob;
  LongJob* m_long;
  std::shared_ptr<PauseGate> m_gate;
  std::stop_source m_stop;
  QTimer m_forecastSoon;
  double m_epochsAsked = 0;
  core::Recipe m_repaired;              ///< the cut that the training began with
  std::optional<core::Recipe> m_found;  ///< better than that, and not taken yet
  RepairForm* m_form;
  RepairCharts* m_charts;
  QLabel *m_forecast, *m_state;
  QProgressBar* m_progress;
  QPushButton *m_start, *m_apply, *m_pause, *m_discard, *m_close;
};

}  // namespace lapidary::ui
