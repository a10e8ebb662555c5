// SPDX-License-Identifier: GPL-3.0-or-later
// The job of a save, and the loop that waits for it.
#include "ui/files/save_with_progress.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFileInfo>
#include <QProgressDialog>
#include <optional>

#include "ui/document/background_job.h"

namespace lapidary::ui {

namespace {

struct SaveWords {
  Q_DECLARE_TR_FUNCTIONS(SaveWithProgress)
};

constexpr int shownAfter = 300;  ///< milliseconds

}  // namespace

bool saveWithProgress(const SavedSession& session, const QString& path, QWidget* window) {
  QProgressDialog dialog(SaveWords::tr("Saving %1…").arg(QFileInfo(path).fileName()), SaveWords::tr("Cancel"),
                         0, 0, window);
  dialog.setWindowTitle(SaveWords::tr("Save session"));
  dialog.setWindowModality(Qt::WindowModal);
  dialog.setAutoClose(false);
  dialog.setAutoReset(false);
  dialog.setMinimumDuration(shownAfter);
  BackgroundJob job;
  QEventLoop loop;
  bool done = false;
  std::optional<core::Error> error;
  QObject::connect(&job, &BackgroundJob::progressed, &dialog, [&](qulonglong now, qulonglong total) {
    dialog.setMaximum(static_cast<int>(total));
    dialog.setValue(static_cast<int>(now));
  });
  QObject::connect(&job, &BackgroundJob::finished, &loop, [&] {
    done = true;
    loop.quit();
  });
  QObject::connect(&job, &BackgroundJob::failed, &loop, [&](const QString& message) {
    error.emplace(core::ErrorKind::CannotWrite, message.toStdString());
    loop.quit();
  });
  QObject::connect(&job, &BackgroundJob::cancelled, &loop, &QEventLoop::quit);
  QObject::connect(&dialog, &QProgressDialog::canceled, &job, &BackgroundJob::cancel);
  job.start([session, path](const core::Progress& progress) -> BackgroundJob::Deliver {
    writeSession(session, path, progress);
    return {};
  });
  loop.exec();
  if (error) throw *error;
  return done;
}

}  // namespace lapidary::ui
