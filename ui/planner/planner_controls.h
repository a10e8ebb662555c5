// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of what is to be planned: stages, workers, parts and batch, the button that measures, and how
// far it is.
#pragma once

#include <QWidget>

#include "core/session/session.h"

class QProgressBar;
class QPushButton;
class QSpinBox;

namespace lapidary::ui {

class FlowLayout;

class PlannerControls : public QWidget {
  Q_OBJECT

 public:
  explicit PlannerControls(QWidget* parent = nullptr);

  core::ParallelRequest request() const;
  /// Puts back what fits this machine.
  void reset();
  void setMeasuring(bool measuring);
  void setProgress(int done, int total);

  QSpinBox* stages() const { return m_stages; }
  QSpinBox* workers() const { return m_workers; }
  QSpinBox* parts() const { return m_parts; }
  QSpinBox* batch() const { return m_batch; }
  /// Measures, or cancels while it does.
  QPushButton* button() const { return m_button; }

 signals:
  void measureAsked();
  void cancelAsked();

 private:
  QSpinBox* addNumber(FlowLayout& row, const QString& name, const QString& tip, int most);

  bool m_measuring = false;
  QSpinBox *m_stages, *m_workers, *m_parts, *m_batch;
  QPushButton* m_button;
  QProgressBar* m_progress;
};

}  // namespace lapidary::ui
