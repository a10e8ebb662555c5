// SPDX-License-Identifier: GPL-3.0-or-later
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
#include "ui/jobs/job_list.h"
#include "ui/window/dialogs.h"

class QStackedWidget;

namespace lapidary::ui {

class AuditWatch;
class Banner;
class StartPage;
class StatusLine;
class TopBar;
class WindowActions;
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
  JobList& jobs() { return m_jobs; }
  ModelOpener& opener() { return m_opener; }
  Workspace* workspace() const { return m_workspace; }
  TopBar* topBar() const { return m_topBar; }
  StatusLine* statusLine() const { return m_status; }
  StartPage* startPage() const { return m_start; }
  Banner* banner() const { return m_banner; }
  WindowActions& actions() const { return *m_actions; }
  Dialogs& dialogs() { return m_dialogs; }
  /// Of a model that could not be opened last; empty where the last one could.
  const QString& refusedPath() const { return m_refusedPath; }

  /// Whether closing with unsaved edits asks first; off until asked for.
  void setAskingBeforeClose(bool asking) { m_asking = asking; }

  /// From now on the open session is kept where a crash does not reach it, and what an earlier one left is
  /// offered.
  void startAutosaving();
  Autosave* autosave() const { return m_autosave.get(); }
  /// Asks whether a session that a crash left is to be restored.
  Banner* offer() const { return m_offer; }

  void openModel(const OpenRequest& request);
  /// Tells what failed without being told anywhere else. The work goes on, and is kept.
  void tellFailure(const QString& message);
  /// A model, a session, or (with a model open) data: told by the ending, and by being a folder. With data
  /// it is a model or a session, measured on these.
  void openPath(const QString& path, const QString& measuredOn = {});
  void openSession(const QString& path, const QString& measuredOn = {});
  /// False if the person changed their mind, or it could not be written.
  bool saveSession();
  bool saveSessionAs();
  bool saveSessionTo(const QString& path);
  void copyRecipe();
  void pasteRecipe();
  void selectAllLayers();
  /// Shows the original until the key that asked for it is let go.
  void holdOriginalByKey();
  /// See Dialogs.
  ExportDialog* exportDialog() { return m_dialogs.exportModel(); }
  DistillDialog* distillDialog() { return m_dialogs.distil(); }
  AuditDialog* auditDialog() { return m_dialogs.audit(); }
  void switchLanguage(const QString& code);
  void closeModel();
  /// Asks before other data end the work that goes on; whether they may.
  bool mayEndJobs();

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;

 private:
  struct Pending {
    QString sessionPath;                  ///< empty: not from a session file
    std::shared_ptr<SavedSession> saved;  ///< null likewise
    QString source;                       ///< the file that it was read from
    bool kept = false;                    ///< automatically, before a crash
    QString notice = {};                  ///< to be told once it is open
  };

  void build();
  void rebuild();
  void takeOpened();
  void startOpening(const OpenRequest& request, Pending pending);
  /// Returns what to say of edits that the model cannot follow; empty where it follows all.
  QString restore(const SavedSession& saved);
  SavedSession snapshot() const;
  void showOffer();
  void restoreKept();
  void takeKept();
  void discardKept();
  void noteChange();
  /// Notes that what is open is in a file of its own now, or was left.
  void forgetKept();
  /// Asks before unsaved edits or work that goes on are lost; whether they may be.
  bool mayDiscard();
  void showTitle();
  QString proposedPath() const;
  void openTogether(const QStringList& paths);

  Document m_document;
  VisitedRecipes m_visited;
  LiveEvaluation m_live;
  JobList m_jobs;
  Prefetcher m_prefetcher;
  ModelOpener m_opener;
  SessionState m_state;
  Dialogs m_dialogs;
  QString m_refusedPath;
  std::optional<Pending> m_pending;      ///< another model is being opened
  std::vector<KeptSession> m_kept;       ///< to be offered, one after the other
  std::unique_ptr<Autosave> m_autosave;  ///< null until asked for
  bool m_asking = false;
  bool m_saving = false;
  bool m_heldByKey = false;  ///< the original is shown until a key is let go
  AuditWatch* m_audit;

  WindowActions* m_actions = nullptr;
  TopBar* m_topBar = nullptr;
  Banner *m_banner = nullptr, *m_offer = nullptr;
  QStackedWidget* m_pages = nullptr;
  StartPage* m_start = nullptr;
  Workspace* m_workspace = nullptr;
  StatusLine* m_status = nullptr;
};

}  // namespace lapidary::ui
