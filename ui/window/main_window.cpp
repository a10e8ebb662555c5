// Assembly of the window and its larger actions.
#include "ui/window/main_window.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QTabWidget>

#include "ui/audit/audit_dialog.h"
#include "ui/audit/audit_watch.h"
#include "ui/cut/refusals.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/open_data_dialog.h"
#include "ui/distill/distill_dialog.h"
#include "ui/figures/figures_strip.h"
#include "ui/files/recent_files.h"
#include "ui/files/save_with_progress.h"
#include "ui/files/warning_text.h"
#include "ui/live/live_panel.h"
#include "ui/look/language.h"
#include "ui/look/settings.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/repair/repair_dialog.h"
#include "ui/search/search_dialog.h"
#include "ui/start/start_page.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/labels.h"
#include "ui/window/main_menus.h"
#include "ui/window/status_line.h"
#include "ui/window/top_bar.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

/// Whether a key typed now is text.
bool typing() {
  const QWidget* focus = QApplication::focusWidget();
  return focus != nullptr && (focus->inherits("QLineEdit") || focus->inherits("QPlainTextEdit") ||
                              focus->inherits("QTextEdit") || focus->inherits("QAbstractSpinBox"));
}

bool looksLikeData(const QString& path) {
  const QFileInfo info(path);
  return info.isDir() || path.contains(QStringLiteral("idx")) || info.suffix().toLower() == "csv" ||
         info.suffix().toLower() == "gz";
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      m_visited(m_document),
      m_live(m_document),
      m_prefetcher(m_document, m_live),
      m_opener(m_document),
      m_audit(new AuditWatch(this)) {
  setAcceptDrops(true);
  setMinimumSize(960, 620);
  resize(1440, 900);
  restoreGeometry(settings::value("geometry").toByteArray());
  build();
  qApp->installEventFilter(this);
  connect(&m_opener, &ModelOpener::opened, this, &MainWindow::takeOpened);
  connect(&m_opener, &ModelOpener::failed, this, [this](const QString& message) {
    m_pending.reset();
    m_banner->show(QFileInfo(m_refusedPath).isFile()
                       ? tr("%1 — File, Audit a file… looks into it without opening it.").arg(message)
                       : message,
                   true);
  });
  connect(m_audit, &AuditWatch::worrying, this, [this](const QString& sentence) {
    m_banner->show(m_banner->isVisible() ? m_banner->text() + QStringLiteral("\n") + sentence : sentence,
                   false);
  });
  connect(&m_opener, &ModelOpener::busyChanged, this, [this] {
    if (!m_opener.busy()) showOffer();  // also where a restored one could not be opened
  });
  connect(&m_document, &Document::viewFailed, this, &MainWindow::tellFailure);
  connect(&m_live, &LiveEvaluation::failed, this,
          [this](const QString& message) { m_banner->show(message, true); });
}

MainWindow::~MainWindow() {
  m_autosave.reset();  // what it writes down is read from the views
  qApp->removeEventFilter(this);
  settings::setValue("geometry", saveGeometry());
  delete takeCentralWidget();  // views go before the document that they listen to
}

void MainWindow::build() {
  auto* central = new QWidget;
  auto* column = new QVBoxLayout(central);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_topBar = new TopBar(m_document, m_opener);
  m_banner = new Banner;
  m_offer = new Banner;
  m_pages = new QStackedWidget;
  m_start = new StartPage;
  m_workspace = new Workspace(m_document, m_live, m_visited);
  m_status = new StatusLine(m_document, m_live, m_opener);
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
  connect(m_offer, &Banner::accepted, this, &MainWindow::restoreKept);
  connect(m_offer, &Banner::dismissed, this, &MainWindow::discardKept);
  connect(m_start, &StartPage::openAsked, this, &MainWindow::openModelDialog);
  connect(m_start, &StartPage::demoAsked, this, [this](const QString& model) { openModel({model, {}, {}}); });
  connect(m_start, &StartPage::fileAsked, this, &MainWindow::openPath);
  connect(m_topBar, &TopBar::searchAsked, this, &MainWindow::searchDialog);
  connect(m_topBar, &TopBar::exportAsked, this, &MainWindow::exportDialog);
  connect(m_status, &StatusLine::languageAsked, this, &MainWindow::switchLanguage);
  connect(m_workspace->figures(), &FiguresStrip::repairAsked, this, &MainWindow::repairDialog);
  connect(m_workspace->figures(), &FiguresStrip::qualityPainted, &m_live, &LiveEvaluation::notePainted);
  m_pages->setCurrentWidget(m_document.session() ? static_cast<QWidget*>(m_workspace) : m_start);
  setWindowTitle(tr("Lapidary"));
}

void MainWindow::rebuild() {
  if (auto* dialog = findChild<RepairDialog*>(); dialog != nullptr && !dialog->running()) delete dialog;
  if (auto* dialog = findChild<DistillDialog*>(); dialog != nullptr && !dialog->running()) delete dialog;
  const int tab = m_workspace->tabs()->currentIndex(), chart = m_workspace->live()->chart();
  delete takeCentralWidget();
  build();
  m_workspace->tabs()->setCurrentIndex(tab);
  m_workspace->live()->showChart(chart);
  showOffer();
}

void MainWindow::takeOpened() {
  const bool open = m_document.session() != nullptr;
  m_pages->setCurrentWidget(open ? static_cast<QWidget*>(m_workspace) : m_start);
  m_topBar->refresh();
  if (!open) {
    noteSaved();
    return m_start->refresh();
  }
  const auto& opened = m_opener.current();
  QString refused;
  if (const auto pending = std::exchange(m_pending, std::nullopt)) {
    m_sessionPath = pending->sessionPath;
    m_savedRecipe = {};
    noteSaved();
    if (!m_sessionPath.isEmpty())
      recent_files::add(m_sessionPath);
    else if (!opened.request.demo())
      recent_files::add(opened.request.model);
    if (pending->saved) refused = restore(*pending->saved);
    if (pending->kept) takeKept();
  }
  m_refusedPath.clear();
  if (!opened.request.demo()) m_audit->look(opened.request.model);
  QStringList notices{refused, noticeText(opened)};
  notices.removeAll(QString());
  if (notices.isEmpty()) return m_banner->hide();
  m_banner->show(notices.join(QLatin1Char('\n')), !refused.isEmpty());
}

void MainWindow::tellFailure(const QString& message) {
  noteChange();
  const QString text = tr("Something failed inside the program: %1. Your work is still here and is kept; if "
                          "it fails again, take the last step back (Ctrl+Z).")
                           .arg(message);
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

void MainWindow::openPath(const QString& path) {
  if (path.endsWith(QLatin1String(sessionEnding))) return openSession(path);
  const bool npzAsData = m_document.session() != nullptr && path.endsWith(QLatin1String(".npz"));
  if (!looksLikeData(path) && !npzAsData) return openModel({path, {}, {}});
  if (m_document.session() == nullptr)
    return m_banner->show(tr("Open a model first, then drop its data."), false);
  m_opener.reopen(path, std::nullopt);
}

void MainWindow::openModelDialog() {
  const QString path = QFileDialog::getOpenFileName(
      this, tr("Open model"), settings::value("modelFolder").toString(),
      tr("Models (*.onnx *.lapidary *.safetensors *.npz *.npy *.pt *.pth);;Sessions (*%1);;All files (*)")
          .arg(QLatin1String(sessionEnding)));
  if (path.isEmpty()) return;
  settings::setValue("modelFolder", QFileInfo(path).path());
  path.endsWith(QLatin1String(sessionEnding)) ? openSession(path) : openModel({path, {}, {}});
}

void MainWindow::openDataDialog() {
  if (!m_document.session()) return;
  OpenDataDialog dialog(this);
  if (dialog.exec() == QDialog::Accepted) m_opener.reopen(dialog.chosen(), std::nullopt);
}

void MainWindow::preprocessDialog() {
  if (!m_document.session()) return;
  if (m_document.session()->data() == nullptr) return openDataDialog();
  PreprocessDialog dialog(m_document, this);
  connect(&dialog, &PreprocessDialog::applied, this, [this](const core::Preprocess& preprocess) {
    m_opener.reopen(m_opener.current().request.data, preprocess);
  });
  dialog.exec();
}

void MainWindow::openSessionDialog() {
  const QString path =
      QFileDialog::getOpenFileName(this, tr("Open session"), settings::value("modelFolder").toString(),
                                   tr("Sessions (*%1)").arg(QLatin1String(sessionEnding)));
  if (!path.isEmpty()) openSession(path);
}

void MainWindow::openSession(const QString& path) {
  if (!mayDiscard()) return;
  try {
    const auto saved = std::make_shared<SavedSession>(readSession(path));
    startOpening(saved->request, {path, saved, path});
  } catch (const std::exception& error) {
    m_banner->show(QString::fromUtf8(error.what()), true);
  }
}

QString MainWindow::restore(const SavedSession& saved) {
  m_visited.restore(saved.visits);
  std::vector<core::LayerId> selection;
  for (const auto& name : saved.selection) {
    const auto layer = m_document.session()->model().findLayer(name.toStdString());
    if (layer.valid()) selection.push_back(layer);
  }
  m_document.select(std::move(selection));
  core::Recipe recipe = saved.recipe;
  const auto refusals = leaveOutImpossible(*m_document.session(), recipe);
  m_document.setRecipe(recipe, tr("Open session"));
  m_document.undoStack()->clear();
  m_savedRecipe = saved.recipe;
  m_savedVisits = std::max<std::size_t>(1, saved.visits.size());
  m_workspace->tabs()->setCurrentIndex(saved.tab);
  m_workspace->live()->showChart(saved.liveChart);
  return refusals.empty() ? QString()
                          : tr("The model cannot follow some edits of this session; they were left out:") +
                                QLatin1Char('\n') + refusalText(refusals);
}

bool MainWindow::saveSession() {
  if (!m_document.session()) return false;
  return m_sessionPath.isEmpty() ? saveSessionAs() : saveSessionTo(m_sessionPath);
}

bool MainWindow::saveSessionAs() {
  if (!m_document.session()) return false;
  const QString ending = QLatin1String(sessionEnding);
  QString path =
      QFileDialog::getSaveFileName(this, tr("Save session"), m_sessionPath, tr("Sessions (*%1)").arg(ending));
  if (path.isEmpty()) return false;
  if (!path.endsWith(ending)) path += ending;
  return saveSessionTo(path);
}

SavedSession MainWindow::snapshot() const {
  SavedSession saved;
  saved.request = m_opener.current().request;
  if (!saved.request.demo()) saved.request.model = QFileInfo(saved.request.model).absoluteFilePath();
  if (QFileInfo::exists(saved.request.data))
    saved.request.data = QFileInfo(saved.request.data).absoluteFilePath();
  saved.recipe = m_document.recipe();
  saved.visits = m_visited.visits();
  for (const auto layer : m_document.selection())
    saved.selection << QString::fromStdString(m_document.session()->model().layer(layer).name);
  saved.tab = m_workspace->tabs()->currentIndex();
  saved.liveChart = m_workspace->live()->chart();
  return saved;
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
  m_sessionPath = path;
  m_savedRecipe = saved.recipe;
  noteSaved();
  m_savedVisits = std::max<std::size_t>(1, saved.visits.size());
  recent_files::add(path);
  return true;
}

void MainWindow::copyRecipe() {
  if (m_document.session())
    QApplication::clipboard()->setText(QString::fromStdString(core::toJson(m_document.recipe())));
}

void MainWindow::pasteRecipe() {
  if (!m_document.session()) return;
  try {
    auto recipe = core::recipeFromJson(QApplication::clipboard()->text().toStdString());
    if (recipe.repaired) recipe.repaired = knownRepaired(recipe.repaired.id);
    for (const auto& [name, edit] : recipe.edits)
      if (!m_document.session()->model().findLayer(name).valid())
        throw core::Error(core::ErrorKind::InvalidInput,
                          "pasted recipe: this model has no layer '" + name + "'");
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

core::TrainedWeights MainWindow::knownRepaired(const std::string& id) const {
  if (m_document.recipe().repaired.id == id) return m_document.recipe().repaired;
  for (const Visit& visit : m_visited.visits())
    if (visit.recipe.repaired.id == id) return visit.recipe.repaired;
  throw core::Error(
      core::ErrorKind::InvalidInput,
      "pasted recipe: it is of weights that a repair has trained, which are not in this session");
}

ExportDialog* MainWindow::exportDialog() {
  if (!m_document.session()) return nullptr;
  const QString base = QFileInfo(m_opener.current().modelName).completeBaseName() + QStringLiteral("-cut");
  auto* dialog = new ExportDialog(m_document, base, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowModality(Qt::WindowModal);
  dialog->show();
  return dialog;
}

SearchDialog* MainWindow::searchDialog() {
  if (!m_document.session()) return nullptr;
  auto* dialog = findChild<SearchDialog*>();
  if (dialog == nullptr) {
    dialog = new SearchDialog(m_document, m_visited, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
  }
  dialog->show();
  dialog->raise();
  return dialog;
}

RepairDialog* MainWindow::repairDialog() {
  if (!m_document.session()) return nullptr;
  auto* dialog = findChild<RepairDialog*>();
  if (dialog == nullptr) dialog = new RepairDialog(m_document, this);
  dialog->setDemo(m_opener.current().request.demo());
  dialog->show();
  dialog->raise();
  return dialog;
}

DistillDialog* MainWindow::distillDialog() {
  if (!m_document.session()) return nullptr;
  auto* dialog = findChild<DistillDialog*>();
  if (dialog == nullptr) {
    dialog = new DistillDialog(m_document, this);
    connect(dialog, &DistillDialog::openAsked, this,
            [this](const QString& path, const core::Preprocess& preprocess) {
              const OpenRequest& teacher = m_opener.current().request;
              const bool digits = teacher.data.isEmpty() && teacher.demo();
              openModel({path, digits ? OpenRequest::demoDigits() : teacher.data, preprocess});
            });
  }
  dialog->setDemo(m_opener.current().request.demo());
  dialog->show();
  dialog->raise();
  return dialog;
}

AuditDialog* MainWindow::auditDialog() {
  auto* dialog = findChild<AuditDialog*>();
  if (dialog == nullptr) {
    dialog = new AuditDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const OpenRequest& open = m_opener.current().request;
    const QString path = !m_refusedPath.isEmpty() ? m_refusedPath : open.demo() ? QString() : open.model;
    if (QFileInfo(path).isFile()) dialog->audit(path);
  }
  dialog->show();
  dialog->raise();
  return dialog;
}

void MainWindow::switchLanguage(const QString& code) { language::use(code); }

void MainWindow::closeModel() {
  if (!mayDiscard()) return;
  m_sessionPath.clear();
  m_savedRecipe = {};
  m_banner->hide();
  m_opener.close();
}

bool MainWindow::mayDiscard() {
  if (!m_asking || !m_document.session() || !edited()) return true;
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
  if (event->type() == QEvent::ActivationChange && !isActiveWindow()) m_document.setHoldingOriginal(false);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  !m_saving&& mayDiscard() ? event->accept() : event->ignore();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const auto urls = event->mimeData()->urls();
  if (!urls.isEmpty() && urls.front().isLocalFile()) openPath(urls.front().toLocalFile());
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const auto* widget = qobject_cast<QWidget*>(watched);
    const bool ours = widget != nullptr && widget->window() == this;
    if (ours && key->key() == Qt::Key_O && key->modifiers() == Qt::NoModifier && !typing() &&
        m_document.session()) {
      if (!key->isAutoRepeat()) m_document.setHoldingOriginal(event->type() == QEvent::KeyPress);
      return true;
    }
  }
  return QMainWindow::eventFilter(watched, event);
}

}  // namespace lapidary::ui
