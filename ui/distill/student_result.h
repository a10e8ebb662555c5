// SPDX-License-Identifier: GPL-3.0-or-later
// Teacher and student side by side: figures, confusion, and the saliency of a chosen sample.
#pragma once

#include <QWidget>
#include <memory>

#include "ui/distill/distill_run.h"

class QGridLayout;
class QLabel;
class QSpinBox;
class QTableView;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class ConfusionModel;
class SaliencyPanels;
class SegmentedControl;

class StudentResult : public QWidget {
  Q_OBJECT

 public:
  explicit StudentResult(QWidget* parent = nullptr);

  /// Null: nothing yet.
  void setResult(std::shared_ptr<const DistillResult> result);
  /// The text of a row by its index, for tests: "98.40 % (97.8 to 98.9 %)".
  QString teacherText(int row) const;
  QString studentText(int row) const;
  QSpinBox* sample() const { return m_sample; }
  ConfusionModel* confusion() const { return m_confusion; }
  SaliencyPanels* saliency() const { return m_panels; }
  bool explaining() const;

 private:
  Card* buildFigures();
  Card* buildConfusion();
  Card* buildSaliency();
  void showFigures();
  void setRow(int row, const QString& teacher, const QString& student);
  void explain();

  std::shared_ptr<const DistillResult> m_result;
  std::vector<std::pair<QLabel*, QLabel*>> m_rows;
  ConfusionModel* m_confusion;
  SegmentedControl* m_tables = nullptr;
  QTableView* m_matrix = nullptr;
  QSpinBox* m_sample = nullptr;
  SaliencyPanels* m_panels;
  BackgroundJob* m_job;
};

}  // namespace lapidary::ui
