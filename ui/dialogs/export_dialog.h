// SPDX-License-Identifier: GPL-3.0-or-later
// Writes the cut model: what kind of file, where to, and then what was found when it was read back.
#pragma once

#include <QDialog>
#include <optional>

#include "core/session/bundle.h"
#include "ui/document/background_job.h"
#include "ui/document/document.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace lapidary::ui {

class SegmentedControl;

class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  /// `baseName` names the proposed file, without ending.
  ExportDialog(Document& document, const QString& baseName, QWidget* parent = nullptr);

  enum Kind { Onnx, Bundle, Safetensors, Npz, Lapidary };
  SegmentedControl* kinds() const { return m_kinds; }
  QLineEdit* path() const { return m_path; }
  QPushButton* writeButton() const { return m_write; }
  /// Whether a bundle gets copies of samples; off each time the dialog opens.
  QCheckBox* withData() const { return m_withData; }
  /// Whether a bundle gets figures of robustness and a detector; likewise off.
  QCheckBox* withAttacks() const { return m_withAttacks; }
  const std::optional<core::SavedFile>& saved() const { return m_saved; }
  QLabel* result() const { return m_result; }

 signals:
  void written();

 private:
  void addKinds();
  QWidget* makeResult();
  void chooseKind(int kind);
  QString lapidaryContains() const;
  void browse();
  void write();
  core::BundleExtras chosenExtras() const;
  void showBusy(bool busy);
  void showResult(const core::SavedFile& saved);
  void showFailure(const QString& message);
  void showInFolder();

  Document& m_document;
  QString m_folder, m_baseName;
  BackgroundJob m_job;
  SegmentedControl* m_kinds;
  QLabel *m_contains, *m_result;
  QCheckBox *m_withData, *m_withAttacks;
  QLineEdit* m_path;
  QProgressBar* m_progress;
  QPushButton *m_browse, *m_write, *m_close, *m_show;
  std::optional<core::SavedFile> m_saved;
};

}  // namespace lapidary::ui
