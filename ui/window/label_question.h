// SPDX-License-Identifier: GPL-3.0-or-later
// Questions labels that can hardly be right, once for each opening, when the original has been measured.
#pragma once

#include <QObject>

#include "ui/document/background_job.h"
#include "ui/document/document.h"

namespace lapidary::ui {

class LabelQuestion : public QObject {
  Q_OBJECT

 public:
  explicit LabelQuestion(Document& document, QObject* parent = nullptr);

 signals:
  /// One sentence or more; never empty.
  void raised(const QString& sentences);

 private:
  void forget();
  void look();

  Document& m_document;
  BackgroundJob* m_job;
  bool m_looked = false;
};

}  // namespace lapidary::ui
