// SPDX-License-Identifier: GPL-3.0-or-later
// Looks into every model file that is opened, in the background, and speaks up where it holds what should be
// explained.
#pragma once

#include "ui/document/background_job.h"

namespace lapidary::ui {

class AuditWatch : public QObject {
  Q_OBJECT

 public:
  explicit AuditWatch(QObject* parent = nullptr) : QObject(parent) {}

  void look(const QString& path);
  void cancel() { m_job.cancel(); }

 signals:
  void worrying(const QString& sentence);  ///< of medium severity or worse
  void looked();

 private:
  BackgroundJob m_job;
};

}  // namespace lapidary::ui
