// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the open session in a file of its own while it has changes, so that a crash loses a few seconds at
// most.
#pragma once

#include <QDateTime>
#include <QElapsedTimer>
#include <QLockFile>
#include <QTimer>
#include <map>
#include <memory>

#include "ui/document/background_job.h"
#include "ui/files/session_file.h"

namespace lapidary::ui {

/// The session that a program left behind which ended without closing its window.
struct KeptSession {
  QString path;
  std::shared_ptr<SavedSession> saved;
  QDateTime when;

  QString modelName() const;
};

/// Every window has a file and a lock beside it, which names its process: what another living window keeps is
/// left alone. Written in the background; the longer that takes, the more seldom.
class Autosave : public QObject {
  Q_OBJECT

 public:
  using Snapshot = std::function<SavedSession()>;
  Autosave(const QString& folder, Snapshot snapshot);
  /// The window closes as it should: nothing is kept.
  ~Autosave() override;

  /// Sessions that nobody keeps any more, the newest first; they are locked from now on. Those that cannot be
  /// read are renamed, and `damaged` gets what to say of them.
  std::vector<KeptSession> findKept(QStringList& damaged);
  /// Goes on in the file of a session that was restored.
  void adopt(const KeptSession& kept);
  void discard(const KeptSession& kept);

  /// Something has changed: it is written within a few seconds.
  void touch();
  /// It was saved elsewhere, or nothing is open: the file goes.
  void forget();

  QString path() const { return m_path; }
  /// Something has changed that is not in the file yet.
  bool pending() const { return m_timer.isActive() || m_job->running(); }
  void setInterval(int milliseconds) { m_interval = milliseconds; }

 signals:
  void written();
  void failed(const QString& message);  ///< the first time in a row

 private:
  void write();
  bool lock(const QString& path);
  void removeFile(const QString& path);

  QString m_folder, m_path;
  Snapshot m_snapshot;
  std::map<QString, std::unique_ptr<QLockFile>> m_locks;
  QTimer m_timer;
  QElapsedTimer m_writing;
  int m_interval = 3000;
  qint64 m_lastWrite = 0;  ///< milliseconds
  bool m_failing = false;
  std::unique_ptr<BackgroundJob> m_job;
};

}  // namespace lapidary::ui
