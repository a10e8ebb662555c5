// The main window: owns the document and what works on it, and answers the menus.
#pragma once

#include <QMainWindow>
#include <optional>

#include "ui/document/document.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/prefetcher.h"
#include "ui/document/visited_recipes.h"
#include "ui/files/autosave.h"
#include "ui/files/model_opener.h"
#include "ui/files/session_file.h"

class QStackedWidget;

namespace lapidary::ui {

class AuditDialog;
class AuditWatch;
class Banner;
class DistillDialog;
class ExportDialog;
class RepairDialog;
class SearchDialog;
class StartPage;
class StatusLine;
class TopBar;
class Workspace;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;

  Document& document() { return m_document; }
  LiveEvaluation& evaluation() { return m_live; }
  Prefetcher& prefetcher() { return m_prefetcher; }
  VisitedRecipes& visited() { return m_visited; }
  ModelOpener& opener() { return m_opener; }
  Workspace* workspace() const { return m_workspace; }
  TopBar* topBar() const { return m_topBar; }
  StatusLine* statusLine() const { return m_status; }
  StartPage* startPage() const { return m_start; }
  Banner* banner() const { return m_banner; }

  /// Whether closing with unsaved edits asks first; off until asked for.
  void setAskingBeforeClose(bool asking) { m_asking = asking; }

  /// From now on the open session is kept where a crash does not reach it, and what an earlier one left is
  /// offered.
  void startAutosaving();
  Autosave* autosave() const { return m_autosave.get(); }
  /// Asks whether a session that a crash left is to be restored.
  Banner* offer() const { return m_offer; }

  void openModel(const OpenRequest& request);
  /// What failed without being told anywhere else. The work goes on, and is kept.
  void tellFailure(const QString& message);
  /// A model, a session, or (with a model open) data: told by the ending, and by being a folder.
  void openPath(const QString& path);
  void openModelDialog();
  void openDataDialog();
  void preprocessDialog();
  void openSessionDialog();
  /// False if the person changed their mind, or it could not be written.
  bool saveSession();
  bool saveSessionAs();
  bool saveSessionTo(const QString& path);
  void copyRecipe();
  void pasteRecipe();
  /// Not modal, so that the window stays alive behind it; deleted when closed.
  ExportDialog* exportDialog();
  /// The one that is open, or a new one.
  SearchDialog* searchDialog();
  /// The one that there is, or a new one.
  RepairDialog* repairDialog();
  /// Likewise.
  DistillDialog* distillDialog();
  /// Likewise; looks into the file that is open, or was refused last.
  AuditDialog* auditDialog();
  void switchLanguage(const QString& code);
  void closeModel();

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Pending {
    QString sessionPath;                  ///< empty: not from a session file
    std::shared_ptr<SavedSession> saved;  ///< null likewise
    QString source;                       ///< the file that it was read from
    bool kept = false;                    ///< automatically, before a crash
  };

  void build();
  void rebuild();
  void takeOpened();
  void startOpening(const OpenRequest& request, Pending pending);
  /// Returns what to say of edits that the model cannot follow; empty where it follows all.
  QString restore(const SavedSession& saved);
  void openSession(const QString& path);
  SavedSession snapshot() const;
  void showOffer();
  void restoreKept();
  void takeKept();
  void discardKept();
  void noteChange();
  void noteSaved();
  bool edited() const { return m_document.recipe() != m_savedRecipe; }
  bool mayDiscard();
  /// Repaired weights that the document or a visited recipe holds. Throws core::Error(InvalidInput).
  core::TrainedWeights knownRepaired(const std::string& id) const;

  Document m_document;
  VisitedRecipes m_visited;
  LiveEvaluation m_live;
  Prefetcher m_prefetcher;
  ModelOpener m_opener;
  QString m_sessionPath;
  QString m_refusedPath;  ///< of a model that could not be opened
  core::Recipe m_savedRecipe;
  std::optional<Pending> m_pending;      ///< another model is being opened
  std::size_t m_savedVisits = 1;         ///< more are not saved yet; opening a model makes one
  std::vector<KeptSession> m_kept;       ///< to be offered, one after the other
  std::unique_ptr<Autosave> m_autosave;  ///< null until asked for
  bool m_asking = false;
  bool m_saving = false;
  AuditWatch* m_audit;

  TopBar* m_topBar = nullptr;
  Banner *m_banner = nullptr, *m_offer = nullptr;
  QStackedWidget* m_pages = nullptr;
  StartPage* m_start = nullptr;
  Workspace* m_workspace = nullptr;
  StatusLine* m_status = nullptr;
};

}  // namespace lapidary::ui
