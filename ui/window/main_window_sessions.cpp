// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions: opened, also where model or data moved, and saved.
#include <QDir>
#include <QFileInfo>
#include <QTabWidget>

#include "ui/cut/refusals.h"
#include "ui/files/recent_files.h"
#include "ui/files/save_with_progress.h"
#include "ui/live/live_panel.h"
#include "ui/widgets/banner.h"
#include "ui/window/locate.h"
#include "ui/window/main_window.h"
#include "ui/window/status_line.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

void MainWindow::openSession(const QString& path, const QString& measuredOn) {
  if (!mayDiscard()) return;
  try {
    const auto saved = std::make_shared<SavedSession>(readSession(path));
    if (!measuredOn.isEmpty()) saved->measureOn(measuredOn);
    const QString moved = leftOutData(saved->request.data);
    if (!locateWhatMoved(*saved, *this, m_asking)) return;
    const bool without = !moved.isEmpty() && saved->request.data.isEmpty();
    startOpening(saved->request, {path, saved, path, false, without ? moved : QString()});
  } catch (const std::exception& error) {
    m_banner->show(QString::fromUtf8(error.what()), true);
  }
}

QString MainWindow::restore(const SavedSession& saved) {
  core::Recipe recipe = saved.recipe;
  const auto refusals = leaveOutImpossible(*m_document.session(), recipe);
  m_state.restore(saved, recipe);
  m_workspace->tabs()->setCurrentIndex(saved.tab);
  m_workspace->live()->showChart(saved.liveChart);
  return refusals.empty() ? QString()
                          : tr("The model cannot follow some edits of this session; they were left out:") +
                                QLatin1Char('\n') + refusalText(refusals);
}

bool MainWindow::saveSession() {
  if (!m_document.session()) return false;
  return m_state.path().isEmpty() ? saveSessionAs() : saveSessionTo(m_state.path());
}

/// Beside the model and by its name; the demo's model lies in no folder.
QString MainWindow::proposedPath() const {
  const OpenedModel& opened = m_opener.current();
  const QString folder =
      opened.request.demo() ? QDir::homePath() : QFileInfo(opened.request.model).absolutePath();
  return QDir(folder).filePath(QFileInfo(opened.modelName).completeBaseName() + QLatin1String(sessionEnding));
}

bool MainWindow::saveSessionAs() {
  if (!m_document.session()) return false;
  const QString path = m_dialogs.sessionTarget(m_state.path().isEmpty() ? proposedPath() : m_state.path());
  return !path.isEmpty() && saveSessionTo(path);
}

SavedSession MainWindow::snapshot() const {
  return m_state.snapshot(m_opener.current().request, m_workspace->tabs()->currentIndex(),
                          m_workspace->live()->chart());
}

bool MainWindow::saveSessionTo(const QString& path) {
  if (m_saving) return false;
  const SavedSession saved = snapshot();
  try {
    m_saving = true;
    const bool done = saveWithProgress(saved, path, this);
    m_saving = false;
    if (!done) return false;
  } catch (const std::exception& error) {
    m_saving = false;
    m_banner->show(QString::fromUtf8(error.what()), true);
    return false;
  }
  m_state.noteSaved(saved, path);
  forgetKept();
  recent_files::add(path);
  showTitle();
  m_status->say(tr("Saved as %1").arg(QFileInfo(path).fileName()));
  return true;
}

}  // namespace lapidary::ui
