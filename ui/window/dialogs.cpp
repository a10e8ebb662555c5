// SPDX-License-Identifier: GPL-3.0-or-later
// Makes each dialog, or brings the one that there is to the front.
#include "ui/window/dialogs.h"

#include <QFileDialog>
#include <QFileInfo>

#include "ui/audit/audit_dialog.h"
#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/open_data_dialog.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/distill/distill_dialog.h"
#include "ui/files/file_filters.h"
#include "ui/jobs/job_list.h"
#include "ui/jobs/long_job.h"
#include "ui/look/settings.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/repair/repair_dialog.h"
#include "ui/search/search_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/window_actions.h"

namespace lapidary::ui {

namespace {

template <class Dialog>
Dialog* toFront(Dialog* dialog) {
  dialog->show();
  dialog->raise();
  dialog->activateWindow();
  return dialog;
}

QString sessionFilter() { return MainWindow::tr("Sessions (*%1)").arg(QLatin1String(sessionEnding)); }

}  // namespace

bool Dialogs::isOpen() const { return m_window.document().session() != nullptr; }

void Dialogs::openModel() {
  const QString path = QFileDialog::getOpenFileName(
      &m_window, MainWindow::tr("Open model"), settings::value("modelFolder").toString(),
      MainWindow::tr("Models (%1);;Sessions (*%2);;All files (*)")
          .arg(modelPatterns(), QLatin1String(sessionEnding)),
      nullptr, QFileDialog::HideNameFilterDetails);
  if (path.isEmpty()) return;
  settings::setValue("modelFolder", QFileInfo(path).path());
  path.endsWith(QLatin1String(sessionEnding)) ? m_window.openSession(path)
                                              : m_window.openModel({path, {}, {}});
}

void Dialogs::openSession() {
  const QString path = QFileDialog::getOpenFileName(
      &m_window, MainWindow::tr("Open session"), settings::value("modelFolder").toString(), sessionFilter());
  if (!path.isEmpty()) m_window.openSession(path);
}

QString Dialogs::sessionTarget(const QString& present) const {
  const QString ending = QLatin1String(sessionEnding);
  const QString path =
      QFileDialog::getSaveFileName(&m_window, MainWindow::tr("Save session"), present, sessionFilter());
  return path.isEmpty() || path.endsWith(ending) ? path : path + ending;
}

void Dialogs::openData() {
  if (!isOpen()) return;
  OpenDataDialog dialog(&m_window);
  if (dialog.exec() == QDialog::Accepted && m_window.mayEndJobs())
    m_window.opener().reopen(dialog.chosen(), std::nullopt);
}

void Dialogs::preprocess() {
  if (!isOpen()) return;
  if (m_window.document().session()->data() == nullptr) return openData();
  PreprocessDialog dialog(m_window.document(), &m_window);
  ModelOpener& opener = m_window.opener();
  QObject::connect(&dialog, &PreprocessDialog::applied, &m_window,
                   [&opener, this](const core::Preprocess& preprocess, const QString& scoresOutput) {
                     if (m_window.mayEndJobs())
                       opener.reopen(opener.current().request.data, preprocess, scoresOutput);
                   });
  dialog.exec();
}

ExportDialog* Dialogs::exportModel() {
  if (!isOpen()) return nullptr;
  const QString base =
      QFileInfo(m_window.opener().current().modelName).completeBaseName() + QStringLiteral("-cut");
  auto* dialog = new ExportDialog(m_window.document(), base, &m_window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowModality(Qt::WindowModal);
  dialog->show();
  return dialog;
}

/// A dialog's work goes into the tray, which brings the dialog back.
template <class Dialog>
void Dialogs::watch(Dialog& dialog) {
  m_window.jobs().watch(dialog.longJob());
  QObject::connect(dialog.longJob(), &LongJob::showAsked, &dialog, [&dialog] { toFront(&dialog); });
}

SearchDialog* Dialogs::search() {
  if (!isOpen()) return nullptr;
  auto* dialog = m_window.findChild<SearchDialog*>();
  if (dialog == nullptr) {
    dialog = new SearchDialog(m_window.document(), m_window.visited(), &m_window);
    watch(*dialog);
  }
  return toFront(dialog);
}

RepairDialog* Dialogs::repair() {
  if (!isOpen()) return nullptr;
  auto* dialog = m_window.findChild<RepairDialog*>();
  if (dialog == nullptr) {
    dialog = new RepairDialog(m_window.document(), &m_window);
    watch(*dialog);
  }
  dialog->setDemo(m_window.opener().current().request.demo());
  return toFront(dialog);
}

DistillDialog* Dialogs::distil() {
  if (!isOpen()) return nullptr;
  auto* dialog = m_window.findChild<DistillDialog*>();
  if (dialog == nullptr) {
    dialog = new DistillDialog(m_window.document(), &m_window);
    watch(*dialog);
    QObject::connect(
        dialog, &DistillDialog::openAsked, &m_window,
        [&window = m_window](const QString& path, const core::Preprocess& preprocess) {
          const OpenRequest& teacher = window.opener().current().request;
          const bool digits = teacher.data.isEmpty() && teacher.demo();
          window.openModel({path, digits ? OpenRequest::demoDigits() : teacher.data, preprocess});
        });
  }
  dialog->setDemo(m_window.opener().current().request.demo());
  return toFront(dialog);
}

AuditDialog* Dialogs::audit() {
  auto* dialog = m_window.findChild<AuditDialog*>();
  if (dialog == nullptr) {
    dialog = new AuditDialog(&m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const OpenRequest& open = m_window.opener().current().request;
    const QString& refused = m_window.refusedPath();
    const QString path = !refused.isEmpty() ? refused : open.model;
    if (refused.isEmpty() && open.demo())
      dialog->auditCompiledIn(QStringLiteral(":/demo/%1.onnx").arg(open.model.section(QLatin1Char(':'), 1)));
    else if (QFileInfo(path).isFile())
      dialog->audit(path);
  }
  return toFront(dialog);
}

SettingsDialog* Dialogs::makeSettings() {
  const WindowActions& actions = m_window.actions();
  QList<SettingChoice> choices;
  for (const auto& [title, prefix] : {std::pair{MainWindow::tr("Language"), "view.language."},
                                      {MainWindow::tr("Theme"), "view.theme."},
                                      {MainWindow::tr("Memory"), "view.memory."},
                                      {MainWindow::tr("Calibration"), "view.calibration."}}) {
    const auto group = actions.startingWith(QLatin1String(prefix));
    choices.append({title, group.front()->toolTip(), group});
  }
  auto* dialog = new SettingsDialog(choices, &m_window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  return dialog;
}

SettingsDialog* Dialogs::settings() {
  auto* dialog = m_window.findChild<SettingsDialog*>();
  return toFront(dialog != nullptr ? dialog : makeSettings());
}

ShortcutsDialog* Dialogs::shortcuts() {
  auto* dialog = m_window.findChild<ShortcutsDialog*>();
  if (dialog == nullptr) {
    dialog = new ShortcutsDialog(&m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &ShortcutsDialog::changeAsked, &m_window, [this, dialog] {
      dialog->close();
      settings()->showPage(SettingsDialog::Keys);
    });
  }
  return toFront(dialog);
}

void Dialogs::about() { showAbout(&m_window); }

/// Those that work, or hold what nobody has seen or taken, stay as they are.
template <class Dialog>
void Dialogs::putAwayIdle() {
  auto* dialog = m_window.findChild<Dialog*>();
  if (dialog != nullptr && dialog->longJob()->state() == LongJob::State::Idle && !dialog->holdsResult())
    delete dialog;
}

void Dialogs::putAway() {
  putAwayIdle<RepairDialog>();
  putAwayIdle<DistillDialog>();
  putAwayIdle<SearchDialog>();
  delete m_window.findChild<ShortcutsDialog*>();
  auto* open = m_window.findChild<SettingsDialog*>();
  if (open != nullptr && open->isVisible()) m_away = Away{open->page(), open->geometry()};
  delete open;
}

void Dialogs::bringBack() {
  const auto away = std::exchange(m_away, std::nullopt);
  if (!away) return;
  auto* dialog = settings();
  dialog->showPage(static_cast<SettingsDialog::Page>(away->page));
  dialog->setGeometry(away->geometry);
}

}  // namespace lapidary::ui
