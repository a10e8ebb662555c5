// SPDX-License-Identifier: GPL-3.0-or-later
// The files, locks and the writing job of sessions that are kept automatically.
#include "ui/files/autosave.h"

#include <QDir>
#include <QFileInfo>
#include <QUuid>
#include <algorithm>

namespace lapidary::ui {

namespace {

QString lockPath(const QString& path) { return path + QStringLiteral(".lock"); }

}  // namespace

QString KeptSession::modelName() const {
  return QFileInfo(saved->request.model.section(QStringLiteral("demo:"), -1)).fileName();
}

Autosave::Autosave(const QString& folder, Snapshot snapshot)
    : m_folder(folder), m_snapshot(std::move(snapshot)), m_job(std::make_unique<BackgroundJob>()) {
  QDir().mkpath(m_folder);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &Autosave::write);
  connect(m_job.get(), &BackgroundJob::failed, this, [this](const QString& message) {
    if (!std::exchange(m_failing, true)) emit failed(message);
  });
}

Autosave::~Autosave() {
  m_job.reset();  // waits for a write that has begun
  if (!m_path.isEmpty()) QFile::remove(m_path);
}

bool Autosave::lock(const QString& path) {
  auto lock = std::make_unique<QLockFile>(lockPath(path));
  lock->setStaleLockTime(0);  // however old: as long as its process lives
  if (!lock->tryLock(0)) return false;
  m_locks[path] = std::move(lock);
  return true;
}

std::vector<KeptSession> Autosave::findKept(QStringList& damaged) {
  std::vector<KeptSession> kept;
  const QDir folder(m_folder);
  for (const QFileInfo& info :
       folder.entryInfoList({QLatin1Char('*') + QLatin1String(sessionEnding)}, QDir::Files, QDir::Time)) {
    const QString path = info.absoluteFilePath();
    if (m_locks.contains(path) || !lock(path)) continue;
    try {
      kept.push_back({path, std::make_shared<SavedSession>(readSession(path)), info.lastModified()});
    } catch (const std::exception& error) {
      damaged << QString::fromUtf8(error.what());
      QFile::rename(path, path + QStringLiteral(".damaged"));
      m_locks.erase(path);
    }
  }
  return kept;
}

void Autosave::adopt(const KeptSession& kept) {
  forget();
  m_path = kept.path;
}

void Autosave::discard(const KeptSession& kept) { removeFile(kept.path); }

void Autosave::touch() {
  if (!m_timer.isActive()) m_timer.start(std::max<int>(m_interval, static_cast<int>(20 * m_lastWrite)));
}

void Autosave::forget() {
  m_timer.stop();
  const QString path = std::exchange(m_path, {});
  if (path.isEmpty()) return;
  if (!m_job->running()) return removeFile(path);
  // Behind the write that has begun, on its thread.
  m_job->start([this, path](const core::Progress&) -> BackgroundJob::Deliver {
    QFile::remove(path);
    return [this, path] { removeFile(path); };
  });
}

void Autosave::removeFile(const QString& path) {
  QFile::remove(path);
  m_locks.erase(path);
}

void Autosave::write() {
  if (m_job->running()) return touch();
  if (m_path.isEmpty()) {
    const QString path = QDir(m_folder).absoluteFilePath(QUuid::createUuid().toString(QUuid::Id128) +
                                                         QLatin1String(sessionEnding));
    if (!lock(path)) {
      if (!std::exchange(m_failing, true)) emit failed(tr("%1 cannot be written").arg(lockPath(path)));
      return;
    }
    m_path = path;
  }
  m_writing.start();
  m_job->start([this, path = m_path, saved = m_snapshot()](const core::Progress&) -> BackgroundJob::Deliver {
    writeSession(saved, path);
    return [this] {
      m_failing = false;
      m_lastWrite = m_writing.elapsed();
      emit written();
    };
  });
}

}  // namespace lapidary::ui
