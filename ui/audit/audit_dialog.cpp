// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the audit, and its one job.
#include "ui/audit/audit_dialog.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QProgressBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>

#include "core/audit/audit_json.h"
#include "core/audit/sarif.h"
#include "core/files/bytes.h"
#include "core/session/audit.h"
#include "ui/audit/audit_texts.h"
#include "ui/audit/finding_model.h"
#include "ui/audit/opcode_model.h"
#include "ui/look/number_text.h"
#include "ui/look/settings.h"
#include "ui/manual/help.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

QTableView* makeTable(QAbstractItemModel* model, const QString& name) {
  auto* table = new QTableView;
  table->setModel(model);
  table->setAccessibleName(name);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setSelectionMode(QAbstractItemView::SingleSelection);
  table->setShowGrid(false);
  table->setWordWrap(false);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(26);
  table->horizontalHeader()->setHighlightSections(false);
  table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  return table;
}

}  // namespace

AuditDialog::AuditDialog(QWidget* parent)
    : QDialog(parent), m_findings(new FindingModel(this)), m_opcodes(new OpcodeModel(this)) {
  setWindowTitle(tr("Audit of a file"));
  resize(980, 640);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 16);
  column->setSpacing(12);
  m_head = makeHead();
  column->addWidget(m_head);
  m_tabs = new QTabWidget;
  m_tabs->addTab(makeFindings(), tr("Findings"));
  m_tabs->addTab(makePickles(), tr("Pickles"));
  m_tabs->setTabVisible(1, false);
  column->addWidget(m_tabs, 1);
  column->addWidget(makeFoot());
  showPage(NothingPage);
  connect(&m_job, &BackgroundJob::failed, this, &AuditDialog::showFailure);
  connect(&m_job, &BackgroundJob::started, m_progress, &QWidget::show);
  for (const auto ended : {&BackgroundJob::finished, &BackgroundJob::cancelled})
    connect(&m_job, ended, m_progress, &QWidget::hide);
}

QWidget* AuditDialog::makeHead() {
  auto* head = new QWidget;
  auto* column = new QVBoxLayout(head);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(3);
  m_name = new ElidedLabel(nullptr, Qt::ElideMiddle);
  m_name->setProperty("look", "heading");
  m_summary = makeLabel({}, "muted");
  m_hash = new ElidedLabel;
  m_hash->setProperty("look", "caption");
  m_hash->setTextInteractionFlags(Qt::TextSelectableByMouse);
  for (QLabel* label : {static_cast<QLabel*>(m_name), m_summary, static_cast<QLabel*>(m_hash)})
    column->addWidget(label);
  m_progress = new QProgressBar;
  m_progress->setRange(0, 0);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the audit"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  m_progress->hide();
  column->addWidget(m_progress);
  return head;
}

QWidget* AuditDialog::makeFindings() {
  m_pages = new QStackedWidget;
  m_nothing = new EmptyState(
      tr("No file looked into yet"),
      tr("Choose a model file or an archive of any kind. It is looked into without being opened or "
         "run: pickles, archives, scripts, hidden programs, paths that lead out, and manifests."),
      tr("Choose file…"));
  connect(m_nothing, &EmptyState::activated, this, &AuditDialog::chooseFile);
  m_clean = new EmptyState(tr("No findings"), {});
  m_table = makeTable(m_findings, tr("Findings of the audit"));
  auto* columns = m_table->horizontalHeader();
  columns->resizeSection(FindingModel::SeverityColumn, 84);
  columns->resizeSection(FindingModel::TitleColumn, 380);
  columns->setStretchLastSection(true);
  m_details = new QTextBrowser;
  m_details->setOpenLinks(false);
  m_details->setAccessibleName(tr("The chosen finding"));
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(m_table);
  splitter->addWidget(m_details);
  splitter->setSizes({280, 190});
  for (QWidget* page :
       {static_cast<QWidget*>(m_nothing), static_cast<QWidget*>(m_clean), static_cast<QWidget*>(splitter)})
    m_pages->addWidget(page);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& current) { showDetails(current.row()); });
  return m_pages;
}

QWidget* AuditDialog::makePickles() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 10, 0, 0);
  column->setSpacing(8);
  m_pickles = new QComboBox;
  m_pickles->setAccessibleName(tr("Pickle"));
  m_steps = makeTable(m_opcodes, tr("Opcodes of the pickle"));
  auto* columns = m_steps->horizontalHeader();
  columns->resizeSection(OpcodeModel::OffsetColumn, 80);
  columns->resizeSection(OpcodeModel::OpcodeColumn, 170);
  columns->resizeSection(OpcodeModel::ArgumentColumn, 330);
  columns->setStretchLastSection(true);
  m_picklesNote = makeLabel({}, "caption");
  m_picklesNote->setWordWrap(true);
  column->addWidget(m_pickles);
  column->addWidget(m_steps, 1);
  column->addWidget(m_picklesNote);
  connect(m_pickles, &QComboBox::currentIndexChanged, this, &AuditDialog::showPickle);
  return page;
}

QWidget* AuditDialog::makeFoot() {
  auto* foot = new QWidget;
  auto* row = new QHBoxLayout(foot);
  row->setContentsMargins(0, 0, 0, 0);
  m_choose = makeButton(tr("Choose file…"), "");
  m_save = makeButton(tr("Save findings…"), "");
  m_save->setToolTip(tr("As JSON, or as SARIF for editors and code hosts"));
  m_save->setEnabled(false);
  auto* close = makeButton(tr("Close"), "");
  row->addWidget(m_choose);
  row->addWidget(m_save);
  row->addWidget(help::addTo(this));
  row->addStretch();
  row->addWidget(close);
  connect(m_choose, &QPushButton::clicked, this, &AuditDialog::chooseFile);
  connect(m_save, &QPushButton::clicked, this, &AuditDialog::saveAs);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  return foot;
}

/// Before there is a file nothing stands in its place, and what the page offers is not offered twice.
void AuditDialog::showPage(Page page) {
  m_pages->setCurrentIndex(page);
  m_head->setVisible(!m_name->text().isEmpty());
  m_choose->setVisible(page != NothingPage);
  m_save->setVisible(page != NothingPage);
  m_tabs->tabBar()->setVisible(page != NothingPage);
  // The focus would go on to the bar, which cannot take it while it is hidden, and stay where it is.
  m_tabs->setFocusPolicy(page != NothingPage ? Qt::TabFocus : Qt::NoFocus);
}

void AuditDialog::chooseFile() {
  const QString path =
      QFileDialog::getOpenFileName(this, tr("Audit a file"), settings::value("modelFolder").toString());
  if (!path.isEmpty()) audit(path);
}

void AuditDialog::auditCompiledIn(const QString& resource) {
  m_copies = std::make_unique<QTemporaryDir>();
  const QString copy = m_copies->filePath(QFileInfo(resource).fileName());
  if (QFile::copy(resource, copy)) audit(copy);
}

void AuditDialog::audit(const QString& path) {
  m_name->setText(QFileInfo(path).fileName());
  m_head->show();
  m_summary->setText(tr("Looking into it…"));
  m_hash->clear();
  m_save->setEnabled(false);
  m_job.start([this, path](const core::Progress& progress) -> BackgroundJob::Deliver {
    const auto audit = std::make_shared<core::FileAudit>(
        core::auditModelFile({path.toStdString(), "", "", ""}, 1, progress));
    return [this, audit] { take(std::move(*audit)); };
  });
}

void AuditDialog::take(core::FileAudit audit) {
  m_audit = std::move(audit);
  m_summary->setText(
      tr("%1, %2 bytes")
          .arg(QString::fromStdString(m_audit.content), countText(static_cast<std::int64_t>(m_audit.bytes))));
  m_hash->setText(QStringLiteral("SHA-256 ") + QString::fromStdString(m_audit.sha256));
  m_findings->setFindings(m_audit.findings);
  m_clean->setTexts(
      tr("No findings"),
      tr("Its structure is sound. Of what the audit knows, nothing was found that runs when it is loaded, "
         "hides in it or leads out of its folder. What nobody has seen before, and how the model "
         "behaves, are other questions."));
  showPage(m_audit.findings.empty() ? CleanPage : ListPage);
  if (!m_audit.findings.empty()) m_table->selectRow(0);
  m_pickles->clear();
  for (const core::FoundPickle& pickle : m_audit.pickles)
    m_pickles->addItem(pickle.place.empty() ? tr("the file itself") : QString::fromStdString(pickle.place));
  m_tabs->setTabVisible(1, !m_audit.pickles.empty());
  m_save->setEnabled(true);
  emit audited();
}

void AuditDialog::showDetails(int row) {
  if (row < 0 || row >= m_findings->rowCount()) return m_details->clear();
  const core::Finding& finding = m_findings->findings()[static_cast<std::size_t>(row)];
  const auto paragraph = [](const QString& head, const QString& text) {
    return QStringLiteral("<p><b>%1</b><br>%2</p>").arg(head.toHtmlEscaped(), text.toHtmlEscaped());
  };
  QString what = QString::fromStdString(finding.what);
  if (!finding.place.empty()) what = QString::fromStdString(finding.place) + QStringLiteral(": ") + what;
  m_details->setHtml(paragraph(tr("Here"), what) + paragraph(tr("Why it matters"), ruleWhy(finding)) +
                     paragraph(tr("What to do"), ruleCure(finding)) +
                     paragraph(tr("Rule"), QString::fromStdString(finding.id)));
}

void AuditDialog::showPickle(int index) {
  m_lister.cancel();
  m_opcodes->setPickle({});
  if (index < 0) return;
  m_picklesNote->setText(tr("Reading its opcodes…"));
  m_lister.start([this, pickle = m_audit.pickles[static_cast<std::size_t>(index)]](
                     const core::Progress&) -> BackgroundJob::Deliver {
    const auto list = std::make_shared<core::ListedPickle>(core::listPickle(pickle));
    return [this, list] { takePickle(std::move(*list)); };
  });
}

void AuditDialog::takePickle(core::ListedPickle pickle) {
  const QString end = QString::fromStdString(pickle.end);
  m_opcodes->setPickle(std::move(pickle));
  m_picklesNote->setText(
      end.isEmpty() ? tr("Nothing of it was run. Coloured: known to run code or to reach what does.") : end);
}

void AuditDialog::showFailure(const QString& sentence) {
  m_progress->hide();
  m_audit = {};
  m_findings->setFindings({});
  m_tabs->setTabVisible(1, false);
  m_summary->clear();
  m_nothing->setTexts(tr("It could not be looked into"), sentence);
  showPage(NothingPage);
  emit audited();
}

void AuditDialog::saveAs() {
  const QString path = QFileDialog::getSaveFileName(
      this, tr("Save findings"),
      QFileInfo(QString::fromStdString(m_audit.path)).fileName() + QStringLiteral(".audit.json"),
      tr("JSON (*.json);;SARIF (*.sarif)"));
  if (!path.isEmpty()) exportTo(path);
}

bool AuditDialog::exportTo(const QString& path) {
  const std::string text =
      path.endsWith(QLatin1String(".sarif")) ? core::sarifLog({m_audit}) : core::auditJsonText(m_audit);
  try {
    core::writeFileAtomically(path.toStdString(),
                              [&](const core::Append& append) { append(std::as_bytes(std::span(text))); });
    m_summary->setText(tr("Written to %1").arg(QFileInfo(path).fileName()));
    return true;
  } catch (const core::Error& error) {
    m_summary->setText(QString::fromUtf8(error.what()));
    return false;
  }
}

}  // namespace lapidary::ui
