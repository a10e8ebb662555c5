// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses data to measure on: each kind with a sentence and its own file chooser.
#pragma once

#include <QDialog>
#include <functional>

namespace lapidary::ui {

class OpenDataDialog : public QDialog {
  Q_OBJECT

 public:
  explicit OpenDataDialog(QWidget* parent = nullptr);

  /// As core::openData takes it; empty until something was chosen.
  const QString& chosen() const { return m_chosen; }

 private:
  void addKind(const QString& title, const QString& sentence, const std::function<QString()>& ask);
  QString askIdx();

  QString m_chosen;
};

}  // namespace lapidary::ui
