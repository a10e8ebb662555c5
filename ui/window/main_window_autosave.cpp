// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part in keeping and restoring sessions.
#include <QDir>
#include <QLocale>

#include "ui/look/settings.h"
#include "ui/widgets/banner.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {

void MainWindow::startAutosaving() {
  m_autosave = std::make_unique<Autosave>(QDir(settings::folder()).filePath(QStringLiteral("autosave")),
                                          [this] { return snapshot(); });
  connect(m_autosave.get(), &Autosave::failed, this, [this](const QString& message) {
    m_banner->show(tr("What you do is not kept automatically: %1").arg(message), true);
  });
  connect(&m_document, &Document::recipeChanged, this, &MainWindow::noteChange);
  connect(&m_visited, &VisitedRecipes::changed, this, &MainWindow::noteChange);
  QStringList damaged;
  m_kept = m_autosave->findKept(damaged);
  if (!damaged.isEmpty())
    m_banner->show(tr("A session that was kept automatically is damaged and was set aside: %1")
                       .arg(damaged.join(QStringLiteral("; "))),
                   false);
  showOffer();
}

void MainWindow::showOffer() {
  if (m_kept.empty()) return m_offer->hide();
  const KeptSession& kept = m_kept.front();
  m_offer->ask(tr("Lapidary ended unexpectedly. Your work on %1 was kept, as of %2.")
                   .arg(kept.modelName(), QLocale().toString(kept.when, QLocale::ShortFormat)),
               tr("Restore"), tr("Discard"));
}

void MainWindow::restoreKept() {
  if (m_kept.empty()) return;
  if (!mayDiscard()) return showOffer();
  const KeptSession& kept = m_kept.front();
  startOpening(kept.saved->request, {{}, kept.saved, kept.path, true});
}

/// The model of the kept session is open now: its file goes on being the one that is written.
void MainWindow::takeKept() {
  m_state.noteUnsaved();
  m_autosave->adopt(m_kept.front());
  m_kept.erase(m_kept.begin());
  showOffer();
}

void MainWindow::discardKept() {
  if (m_kept.empty()) return;
  m_autosave->discard(m_kept.front());
  m_kept.erase(m_kept.begin());
  showOffer();
}

void MainWindow::noteChange() {
  if (m_autosave && m_document.session() && m_state.unsaved() && !m_opener.busy()) m_autosave->touch();
}

void MainWindow::forgetKept() {
  if (m_autosave) m_autosave->forget();
}

}  // namespace lapidary::ui
