// SPDX-License-Identifier: GPL-3.0-or-later
// How the model and its cut stand up to attacks: curves against strength, and a detector of attacked inputs.
#pragma once

#include <QWidget>

#include "core/session/detector.h"
#include "core/session/robustness.h"
#include "ui/document/document.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace lapidary::ui {

class BackgroundJob;
class EmptyState;
class RobustnessChart;
class RocChart;
class SegmentedControl;

class RobustnessView : public QWidget {
  Q_OBJECT

 public:
  explicit RobustnessView(Document& document, QWidget* parent = nullptr);

  /// Measures the shown subject anew, in the background; the curves fill in.
  void measure();
  /// Stops measuring; what was measured stays.
  void cancel();
  bool measuring() const;

  enum Subject { Accuracy, Detector };
  SegmentedControl* subject() const { return m_subject; }
  QComboBox* method() const { return m_method; }
  QSpinBox* samples() const { return m_samples; }
  QPushButton* button() const { return m_button; }
  QLabel* note() const { return m_note; }
  const core::RobustnessReport& report() const { return m_report; }
  const core::DetectorReport& detector() const { return m_detector; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum Page { Empty, Curves, Roc };

  void buildControls();
  void reset();
  void invite();
  void startAccuracy();
  void startDetector();
  void take(const core::RobustnessReport& report);
  void take(const core::DetectorReport& report);
  void showState();
  bool detecting() const;
  core::AttackMethod chosen() const;
  QString accuracyNote() const;
  QString detectorNote() const;

  Document& m_document;
  BackgroundJob* m_job;
  EmptyState* m_empty;
  RobustnessChart* m_chart;
  RocChart* m_roc;
  SegmentedControl* m_subject;
  QComboBox* m_method;
  QSpinBox* m_samples;
  QPushButton* m_button;
  QProgressBar* m_progress;
  QLabel *m_caption, *m_note;
  QStackedWidget* m_pages;
  core::RobustnessReport m_report;
  core::DetectorReport m_detector;
  core::Recipe m_measuredRecipe;  ///< that the report is of
};

}  // namespace lapidary::ui
