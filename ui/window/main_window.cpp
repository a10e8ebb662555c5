// SPDX-License-Identifier: GPL-3.0-or-later
// Assembly of the window and its larger actions.
#include "ui/window/main_window.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QCloseEvent>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QScreen>
#include <QStackedWidget>
#include <QTabWidget>

#include "ui/actions/key_bindings.h"
#include "ui/audit/audit_watch.h"
#include "ui/cut/refusals.h"
#include "ui/figures/figures_strip.h"
#include "ui/files/file_filters.h"
#include "ui/files/recent_files.h"
#include "ui/files/warning_text.h"
#include "ui/jobs/job_tray.h"
#include "ui/jobs/long_job.h"
#include "ui/live/live_panel.h"
#include "ui/look/language.h"
#include "ui/look/settings.h"
#include "ui/start/start_page.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/labels.h"
#include "ui/window/label_question.h"
#include "ui/window/main_menus.h"
#include "ui/window/status_line.h"
#include "ui/window/top_bar.h"
#include "ui/window/window_actions.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

/// Room for the frame that a desktop puts round the window.
constexpr QSize frame{4, 40};

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      m_visited(m_document),
      m_live(m_document),
      m_prefetcher(m_document, m_live),
      m_opener(m_document),
      m_state(m_document, m_visited),
      m_dialogs(*this),
      m_audit(new AuditWatch(this)) {
  setAcceptDrops(true);
  setMinimumSize(960, 620);
  resize(QSize(1440, 900).boundedTo(screen()->availableSize() - frame));
  restoreGeometry(settings::value("geometry").toByteArray());
  build();
  connect(&m_opener, &ModelOpener::opened, this, &MainWindow::takeOpened);
  connect(&m_opener, &ModelOpener::failed, this, [this](const QString& message) {
    m_pending.reset();
    m_banner->show(QFileInfo(m_refusedPath).isFile()
                       ? tr("%1 — File, Audit a file… looks into it without opening it.").arg(message)
                       : message,
                   true);
  });
  const auto addNotice = [this](const QString& sentence) {
    m_banner->show(m_banner->isVisible() ? m_banner->text() + QStringLiteral("\n") + sentence : sentence,
                   false);
  };
  connect(m_audit, &AuditWatch::worrying, this, addNotice);
  connect(new LabelQuestion(m_document, this), &LabelQuestion::raised, this, addNotice);
  connect(&m_opener, &ModelOpener::busyChanged, this, [this] {
    if (!m_opener.busy()) showOffer();  // also where a restored one could not be opened
  });
  connect(&m_document, &Document::recipeChanged, this, &MainWindow::showTitle);
  connect(&m_document, &Document::viewFailed, this, &MainWindow::tellFailure);
  connect(&m_live, &LiveEvaluation::failed, this,
          [this](const QString& message) { m_banner->show(message, true); });
}

MainWindow::~MainWindow() {
  m_autosave.reset();  // what it writes down is read from the views
  settings::setValue("geometry", saveGeometry());
  delete takeCentralWidget();  // views go before the document that they listen to
}

void MainWindow::build() {
  auto* central = new QWidget;
  auto* column = new QVBoxLayout(central);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_banner = new Banner;
  m_offer = new Banner;
  m_pages = new QStackedWidget;
  m_start = new StartPage;
  m_workspace = new Workspace(m_document, m_live, m_visited);
  m_actions = new WindowActions(*this, actionTable(*m_workspace->tabs()));
  m_topBar = new TopBar(m_document, m_opener, *m_actions);
  m_actions->setParent(m_topBar->menus());  // they go with the menus that show them
  m_status = new StatusLine(m_document, m_live, m_opener, m_jobs);
  m_pages->addWidget(m_start);
  m_pages->addWidget(m_workspace);
  column->addWidget(m_topBar);
  column->addWidget(makeRule());
  column->addWidget(m_offer);
  column->addWidget(m_banner);
  column->addWidget(m_pages, 1);
  column->addWidget(makeRule());
  column->addWidget(m_status);
  setCentralWidget(central);
  buildMenus(*this);
  connect(m_topBar, &TopBar::dataAsked, this, [this](const QString& where) {
    const OpenRequest& request = m_opener.current().request;
    m_opener.reopen(where, request.preprocess, request.scoresOutput);
  });
  connect(m_offer, &Banner::accepted, this, &MainWindow::restoreKept);
  connect(m_offer, &Banner::dismissed, this, &MainWindow::discardKept);
  connect(m_start, &StartPage::openAsked, this, [this] { m_dialogs.openModel(); });
  connect(m_start, &StartPage::demoAsked, this, [this](const QString& model) { openModel({model, {}, {}}); });
  connect(m_start, &StartPage::fileAsked, this, [this](const QString& path) { openPath(path); });
  connect(m_status, &StatusLine::languageAsked, this, &MainWindow::switchLanguage);
  connect(m_workspace->figures(), &FiguresStrip::repairAsked, this, [this] { m_dialogs.repair(); });
  connect(m_workspace->figures(), &FiguresStrip::qualityPainted, &m_live, &LiveEvaluation::notePainted);
  m_pages->setCurrentWidget(m_document.session() ? static_cast<QWidget*>(m_workspace) : m_start);
  showTitle();
}

void MainWindow::rebuild() {
  m_dialogs.putAway();
  const int tab = m_workspace->tabs()->currentIndex(), chart = m_workspace->live()->chart();
  delete takeCentralWidget();
  build();
  m_workspace->tabs()->setCurrentIndex(tab);
  m_workspace->live()->showChart(chart);
  showOffer();
  m_dialogs.bringBack();
}

void MainWindow::takeOpened() {
  const bool open = m_document.session() != nullptr;
  m_pages->setCurrentWidget(open ? static_cast<QWidget*>(m_workspace) : m_start);
  m_topBar->refresh();
  showTitle();
  if (!open) {
    forgetKept();
    return m_start->refresh();
  }
  const auto& opened = m_opener.current();
  QString refused, leftOut;
  if (const auto pending = std::exchange(m_pending, std::nullopt)) {
    m_state.begin(pending->sessionPath);
    forgetKept();
    if (!pending->sessionPath.isEmpty())
      recent_files::add(pending->sessionPath);
    else if (!opened.request.demo())
      recent_files::add(opened.request.model);
    if (pending->saved) refused = restore(*pending->saved);
    if (pending->saved && pending->saved->otherData)
      leftOut =
          tr("The session is measured on other data than it was saved with: its recipe is here, the "
             "recipes visited before are left out. Saving it under another name keeps the file.");
    if (pending->kept) takeKept();
    if (!pending->notice.isEmpty()) leftOut = pending->notice + QLatin1Char('\n') + leftOut;
    showTitle();
  }
  m_refusedPath.clear();
  if (!opened.request.demo()) m_audit->look(opened.request.model);
  QStringList notices{refused, leftOut, noticeText(opened)};
  notices.removeAll(QString());
  if (notices.isEmpty()) return m_banner->hide();
  m_banner->show(notices.join(QLatin1Char('\n')), !refused.isEmpty());
}

void MainWindow::tellFailure(const QString& message) {
  noteChange();
  const QString undo = KeyBindings::instance().text(QStringLiteral("edit.undo"));
  const QString text = tr("Something failed inside the program: %1. Your work is still here and is kept; if "
                          "it fails again, take the last step back (%2).")
                           .arg(message, undo.isEmpty() ? tr("Edit, Undo") : undo);
  // What fails while painting would be painted anew by showing this again.
  if (!m_banner->isVisible() || m_banner->text() != text) m_banner->show(text, true);
}

void MainWindow::openModel(const OpenRequest& request) {
  if (mayDiscard()) startOpening(request, {});
}

void MainWindow::startOpening(const OpenRequest& request, Pending pending) {
  ModelOpener::Prepare prepare;
  if (const auto saved = pending.saved)
    prepare = [saved, path = pending.source](const core::Session& session, const core::Progress& progress) {
      restoreRepaired(*saved, session.model(), path, progress);
    };
  m_pending = std::move(pending);
  m_banner->hide();
  m_audit->cancel();
  m_refusedPath = request.demo() ? QString() : request.model;
  m_opener.open(request, prepare);
}

void MainWindow::openPath(const QString& path, const QString& measuredOn) {
  if (path.endsWith(QLatin1String(sessionEnding))) return openSession(path, measuredOn);
  if (!measuredOn.isEmpty()) return openModel({path, measuredOn, {}});
  const bool arraysAsData = m_document.session() != nullptr && looksLikeArrays(path);
  if (!looksLikeData(path) && !arraysAsData) return openModel({path, {}, {}});
  if (m_document.session() == nullptr)
    return m_banner->show(tr("Open a model first, then drop its data."), false);
  if (mayEndJobs()) m_opener.reopen(path, std::nullopt);
}

void MainWindow::copyRecipe() {
  if (m_document.session())
    QApplication::clipboard()->setText(QString::fromStdString(core::toJson(m_document.recipe())));
}

void MainWindow::pasteRecipe() {
  if (!m_document.session()) return;
  try {
    auto recipe = m_state.recipeFrom(QApplication::clipboard()->text());
    const auto refusals = leaveOutImpossible(*m_document.session(), recipe);
    m_document.setRecipe(recipe, tr("Paste recipe"));
    if (!refusals.empty())
      m_banner->show(tr("The model cannot follow some edits of the pasted recipe; they were left out:") +
                         QLatin1Char('\n') + refusalText(refusals),
                     true);
  } catch (const std::exception& error) {
    m_banner->show(QString::fromUtf8(error.what()), true);
  }
}

void MainWindow::selectAllLayers() {
  if (!m_document.session()) return;
  const auto& layers = m_document.session()->model().layers;
  std::vector<core::LayerId> all,
      cuttable;  // norms and biases are cut where somebody chooses them by themselves
  for (std::uint32_t i = 0; i < layers.size(); ++i) {
    all.push_back({i});
    if (layers[i].spared == core::Spared::No) cuttable.push_back({i});
  }
  m_document.select(cuttable.empty() ? std::move(all) : std::move(cuttable));
}

void MainWindow::holdOriginalByKey() {
  m_heldByKey = true;
  m_document.setHoldingOriginal(true);
}

void MainWindow::switchLanguage(const QString& code) { language::use(code); }

void MainWindow::closeModel() {
  if (!mayDiscard()) return;
  m_state.begin();
  m_banner->hide();
  m_opener.close();
}

bool MainWindow::mayEndJobs() {
  const auto jobs = m_jobs.present();
  if (!m_asking || jobs.isEmpty()) return true;
  QStringList lines;
  for (const LongJob* job : jobs) lines << JobTray::lineOf(*job);
  QMessageBox question(QMessageBox::Question, tr("Lapidary"),
                       tr("This is at work, or has found what nobody has taken yet; it would be lost:") +
                           QLatin1Char('\n') + lines.join(QLatin1Char('\n')),
                       QMessageBox::Cancel, this);
  const auto* end = question.addButton(tr("End it"), QMessageBox::DestructiveRole);
  question.exec();
  return question.clickedButton() == end;
}

bool MainWindow::mayDiscard() {
  if (!mayEndJobs()) return false;
  if (!m_asking || !m_document.session() || !m_state.edited()) return true;
  const auto answer = QMessageBox::question(
      this, tr("Lapidary"), tr("The recipe has changed since it was saved. Save the session first?"),
      QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
  if (answer == QMessageBox::Save) return saveSession();
  return answer == QMessageBox::Discard;
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() == QEvent::LanguageChange)
    QMetaObject::invokeMethod(this, &MainWindow::rebuild,
                              Qt::QueuedConnection);  // not under the button that asked
  if (event->type() == QEvent::ActivationChange && !isActiveWindow()) {
    m_heldByKey = false;
    m_document.setHoldingOriginal(false);
  }
}

void MainWindow::closeEvent(QCloseEvent* event) {
  !m_saving&& mayDiscard() ? event->accept() : event->ignore();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList paths;
  for (const QUrl& url : event->mimeData()->urls())
    if (url.isLocalFile()) paths << url.toLocalFile();
  if (!paths.isEmpty()) openTogether(paths);
}

/// A model and its data, in any order, are opened as one; what else was dropped is named.
void MainWindow::openTogether(const QStringList& paths) {
  QString model, samples;
  QStringList others;
  for (const QString& path : paths) {
    const bool isData = looksLikeData(path) || (looksLikeArrays(path) && paths.size() > 1);
    QString& place = isData ? samples : model;
    if (place.isEmpty())
      place = path;
    else
      others << QFileInfo(path).fileName();
  }
  model.isEmpty() ? openPath(samples) : openPath(model, samples);
  if (!others.isEmpty())
    m_banner->show(
        tr("Opened are one model and its data; not opened: %1").arg(others.join(QStringLiteral(", "))),
        false);
}

/// The document and whether it is saved, as task bars and screen readers tell windows apart.
void MainWindow::showTitle() {
  if (!m_document.session()) {
    setWindowModified(false);
    return setWindowTitle(tr("Lapidary"));
  }
  const QString name =
      m_state.path().isEmpty() ? m_opener.current().modelName : QFileInfo(m_state.path()).fileName();
  setWindowTitle(tr("%1[*] — Lapidary").arg(name));
  setWindowModified(m_state.edited());
}

/// The end of the focus chain: no part of the window keeps the release of a key to itself.
void MainWindow::keyReleaseEvent(QKeyEvent* event) {
  if (!m_heldByKey || event->isAutoRepeat()) return QMainWindow::keyReleaseEvent(event);
  m_heldByKey = false;
  m_document.setHoldingOriginal(false);
}

}  // namespace lapidary::ui
