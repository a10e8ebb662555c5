// SPDX-License-Identifier: GPL-3.0-or-later
// "Distil a student": chooses the student, trains it with live curves, and shows it beside its teacher.
#pragma once

#include <QDialog>
#include <QTimer>
#include <stop_token>

#include "ui/distill/distill_run.h"
#include "ui/document/document.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;

namespace lapidary::ui {

class BackgroundJob;
class LongJob;
class RepairCharts;
class RepairForm;
class StudentForm;
class StudentResult;

/// Closing it leaves the training at work. It is hidden then, not deleted: a training that is told to end
/// needs the time of a step.
class DistillDialog : public QDialog {
  Q_OBJECT

 public:
  explicit DistillDialog(Document& document, QWidget* parent = nullptr);
  ~DistillDialog() override;

  /// To be called before it is shown: `demo` brings training digits of its own.
  void setDemo(bool demo);
  void start();
  /// Ends the training; the best epoch so far is the student.
  void stop();
  void setPaused(bool paused);
  bool paused() const { return m_gate->paused(); }
  /// Paused, and the step that was under way has ended.
  bool resting() const { return m_gate->holds(); }
  bool running() const;
  /// Ends it; there is no student then.
  void discard();
  bool holdsResult() const { return m_result != nullptr && m_savedPath.isEmpty(); }
  LongJob* longJob() const { return m_long; }
  /// Writes the student, opens the file again and measures it, in the background.
  void saveTo(const QString& path);

  const std::shared_ptr<const DistillResult>& result() const { return m_result; }
  StudentForm* student() const { return m_student; }
  RepairForm* training() const { return m_training; }
  RepairCharts* charts() const { return m_charts; }
  StudentResult* sideBySide() const { return m_sideBySide; }
  QPushButton* startButton() const { return m_start; }
  QPushButton* pauseButton() const { return m_pause; }
  QPushButton* saveButton() const { return m_save; }
  QPushButton* openButton() const { return m_open; }
  QLabel* forecast() const { return m_forecast; }
  QLabel* state() const { return m_state; }
  QTabWidget* tabs() const { return m_tabs; }

 signals:
  /// The person wants to go on with the student, which lies in this file.
  void openAsked(const QString& path, const core::Preprocess& preprocess);

 public slots:
  void reject() override;

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void build();
  QWidget* buildTraining();
  void followDocument();
  DistillTask task() const;
  void askForecast();
  QString obstacle() const;
  void showState();
  void take(const DistillNews& news);
  void finish(std::shared_ptr<const DistillResult> result);
  /// Suggests a rate where the person left it as it was suggested.
  void suggestRate();
  QString sentence() const;
  QString askPath();
  void openStudent();
  void say(const QString& sentence);
  void end(const QString& sentence);

  Document& m_document;
  double m_suggestedRate = 0;
  bool m_demo = false, m_openWhenSaved = false;
  BackgroundJob *m_job, *m_saving, *m_forecastJob;
  LongJob* m_long;
  QTimer m_forecastSoon;
  std::stop_source m_stop;
  std::shared_ptr<PauseGate> m_gate;
  std::shared_ptr<const DistillResult> m_result;
  QString m_savedPath;  ///< of the present result; empty: not saved
  StudentForm* m_student;
  RepairForm* m_training;
  RepairCharts* m_charts;
  StudentResult* m_sideBySide;
  QTabWidget* m_tabs;
  QLabel *m_forecast, *m_state;
  QProgressBar* m_progress;
  QPushButton *m_start, *m_pause, *m_save, *m_open, *m_close;
};

}  // namespace lapidary::ui
