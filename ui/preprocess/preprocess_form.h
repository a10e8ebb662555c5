// The keys of a preprocess as fields.
#pragma once

#include <QWidget>
#include <optional>

#include "core/analyze/preprocess.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace lapidary::ui {

class PreprocessForm : public QWidget {
  Q_OBJECT

 public:
  explicit PreprocessForm(QWidget* parent = nullptr);

  /// Shows a preprocess without emitting.
  void setValue(const core::Preprocess& preprocess);
  /// What the fields say; nothing while one of them cannot be read: problem() says which.
  std::optional<core::Preprocess> value() const;
  QString problem() const;

 signals:
  void edited();

 private:
  void addRows();
  QWidget* optionalSize(QCheckBox*& box, QSpinBox*& size, const QString& tip);

  QCheckBox *m_hasResize, *m_hasCrop;
  QSpinBox *m_resize, *m_crop;
  QComboBox *m_layout, *m_channels, *m_dtype;
  QLineEdit *m_scale, *m_mean, *m_std;
  std::optional<core::SoundPreprocess> m_sound;  ///< passes through unchanged
};

}  // namespace lapidary::ui
