// SPDX-License-Identifier: GPL-3.0-or-later
// The keys under "audio" of a preprocess as fields: how sounds become the network's input.
#pragma once

#include <QWidget>
#include <optional>

#include "core/data/preprocess.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace lapidary::ui {

/// A key that is absent, and so follows from the model's input and the first sound, reads "automatic".
class SoundForm : public QWidget {
  Q_OBJECT

 public:
  explicit SoundForm(QWidget* parent = nullptr);

  /// Shows what is asked for without emitting.
  void setValue(const core::SoundPreprocess& sound);
  /// Gives what the fields say; nothing while one of them cannot be read: problem() says which.
  std::optional<core::SoundPreprocess> value() const;
  QString problem() const;

 signals:
  void edited();

 private:
  QSpinBox* addCount(const QString& name, int most, const QString& unit, const QString& tip);
  QDoubleSpinBox* addFrequency(const QString& name, const QString& tip);
  QComboBox* addChoice(const QString& name, const QString& tip, const QStringList& texts);
  void addFloor();
  void addCenter();
  void showRows();

  QFormLayout* m_rows;
  QComboBox* m_features;
  QSpinBox *m_rate, *m_length, *m_window, *m_hop, *m_mels;
  QDoubleSpinBox *m_fmin, *m_fmax;
  QComboBox *m_log, *m_melScale;
  QLineEdit* m_floor;
  QCheckBox* m_center;
};

}  // namespace lapidary::ui
