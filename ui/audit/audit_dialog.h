// SPDX-License-Identifier: GPL-3.0-or-later
// The audit of a file, opened in the window or not: its findings, and its pickles opcode by opcode.
#pragma once

#include <QDialog>
#include <QTemporaryDir>
#include <memory>

#include "core/audit/file_audit.h"
#include "core/audit/pickle/pickle_steps.h"
#include "ui/document/background_job.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTabWidget;
class QTextBrowser;

namespace lapidary::ui {

class ElidedLabel;
class EmptyState;
class FindingModel;
class OpcodeModel;

class AuditDialog : public QDialog {
  Q_OBJECT

 public:
  explicit AuditDialog(QWidget* parent = nullptr);

  /// Starts over with another file, in the background.
  void audit(const QString& path);
  /// The same with a file that is compiled into the program, under its own name.
  void auditCompiledIn(const QString& resource);
  void chooseFile();
  /// JSON, or SARIF where the path ends with .sarif. False if it could not be written, which is told of.
  bool exportTo(const QString& path);

  bool running() const { return m_job.running(); }
  const core::FileAudit& result() const { return m_audit; }
  FindingModel* findings() const { return m_findings; }
  OpcodeModel* opcodes() const { return m_opcodes; }
  QTableView* table() const { return m_table; }
  QTextBrowser* details() const { return m_details; }
  QTabWidget* tabs() const { return m_tabs; }
  QComboBox* pickles() const { return m_pickles; }

 signals:
  void audited();

 private:
  enum Page { NothingPage, CleanPage, ListPage };

  QWidget* makeHead();
  QWidget* makeFindings();
  QWidget* makePickles();
  QWidget* makeFoot();
  void showPage(Page page);
  void take(core::FileAudit audit);
  void showDetails(int row);
  void showPickle(int index);
  void takePickle(core::ListedPickle pickle);
  void showFailure(const QString& sentence);
  void saveAs();

  std::unique_ptr<QTemporaryDir> m_copies;  ///< of what is compiled in: the audit looks into files
  BackgroundJob m_job, m_lister;
  core::FileAudit m_audit;
  FindingModel* m_findings;
  OpcodeModel* m_opcodes;
  ElidedLabel *m_name, *m_hash;
  QLabel* m_summary;
  QWidget* m_head;
  QStackedWidget* m_pages;
  EmptyState *m_nothing, *m_clean;
  QTableView *m_table, *m_steps;
  QTextBrowser* m_details;
  QTabWidget* m_tabs;
  QComboBox* m_pickles;
  QLabel* m_picklesNote;
  QProgressBar* m_progress;
  QPushButton *m_choose, *m_save;
};

}  // namespace lapidary::ui
