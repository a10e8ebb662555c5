// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a preprocess as fields: those of pictures, or those of sounds.
#pragma once

#include <QWidget>
#include <optional>

#include "core/data/preprocess.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace lapidary::ui {

class SoundForm;

class PreprocessForm : public QWidget {
  Q_OBJECT

 public:
  explicit PreprocessForm(QWidget* parent = nullptr);

  /// Whether the data are sounds; pictures until then.
  void setSounds(bool sounds);
  /// Shows a preprocess without emitting.
  void setValue(const core::Preprocess& preprocess);
  /// Gives what the fields say; nothing while one of them cannot be read: problem() says which.
  std::optional<core::Preprocess> value() const;
  QString problem() const;

 signals:
  void edited();

 private:
  void addRows();
  std::optional<core::SoundPreprocess> sound() const;
  /// A box, and the fields that it turns on.
  QWidget* optionalSizes(QCheckBox*& box, std::initializer_list<QSpinBox**> sizes, const QString& tip);

  QCheckBox *m_hasSize, *m_hasResize, *m_hasCrop;
  QSpinBox *m_height, *m_width, *m_resize, *m_crop;
  QComboBox *m_resample, *m_layout, *m_channels, *m_dtype;
  QLineEdit *m_scale, *m_mean, *m_std;
  QFormLayout* m_rows;
  SoundForm* m_soundForm;
  bool m_sounds = false;
  std::optional<core::SoundPreprocess> m_sound;  ///< passes through unchanged where the data are no sounds
};

}  // namespace lapidary::ui
