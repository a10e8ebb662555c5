// SPDX-License-Identifier: GPL-3.0-or-later
// The form of what a repair learns from and how: the settings of the repair window.
#pragma once

#include <QWidget>

#include "ui/repair/repair_run.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace lapidary::ui {

class ValueSlider;

class RepairForm : public QWidget {
  Q_OBJECT

 public:
  explicit RepairForm(QWidget* parent = nullptr);

  /// `demo`: the demo's own training digits can be learnt from, and are to begin with. What was chosen before
  /// stays where it still can be had.
  void setSession(std::shared_ptr<const core::Session> session, bool demo);
  /// Learns from this file or folder, as core::openData takes it.
  void setFile(const QString& path);

  void setRate(double rate);
  TrainingData data() const;
  core::RepairRequest request(const core::Recipe& recipe) const;

  QComboBox* dataChoice() const { return m_data; }
  QLabel* warning() const { return m_warning; }
  QSpinBox* epochs() const { return m_epochs; }
  QSpinBox* batch() const { return m_batch; }
  QSpinBox* seed() const { return m_seed; }
  QDoubleSpinBox* rate() const { return m_rate; }
  ValueSlider* teacher() const { return m_teacher; }
  ValueSlider* temperature() const { return m_temperature; }
  ValueSlider* ramp() const { return m_ramp; }

 signals:
  void changed();

 private:
  void buildNumbers();
  void chooseData(int index);
  void showData();
  void addParts();

  std::shared_ptr<const core::Session> m_session;
  bool m_demo = false;
  QString m_file;
  QComboBox* m_data;
  QLabel* m_warning;
  QSpinBox *m_epochs, *m_batch, *m_seed;
  QDoubleSpinBox* m_rate;
  ValueSlider *m_teacher, *m_temperature, *m_ramp;
  int m_chosen = 0;  ///< a TrainingData::Kind
};

}  // namespace lapidary::ui
