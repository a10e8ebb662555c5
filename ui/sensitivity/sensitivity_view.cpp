// SPDX-License-Identifier: GPL-3.0-or-later
// One job; the table's rows follow the selected layers, and lead them.
#include "ui/sensitivity/sensitivity_view.h"

#include <QAction>
#include <QBoxLayout>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <chrono>

#include "ui/document/background_job.h"
#include "ui/heatmap/color_bar.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/sensitivity/sensitivity_delegate.h"
#include "ui/sensitivity/sensitivity_model.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

SensitivityView::SensitivityView(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_model(new SensitivityModel(document, this)),
      m_delegate(new SensitivityDelegate(this)),
      m_empty(new EmptyState({}, {})),
      m_table(new QTableView),
      m_colors(new ColorBar),
      m_reverse(new QCheckBox(tr("All but one"))),
      m_button(makeButton({}, "primary")),
      m_progress(new QProgressBar),
      m_note(makeLabel({}, "caption")),
      m_pages(new QStackedWidget) {
  buildTable();
  m_pages->addWidget(m_empty);
  m_pages->addWidget(m_table);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  buildControls();
  column->addWidget(m_pages, 1);
  connect(m_button, &QPushButton::clicked, this, [this] { measuring() ? cancel() : measure(); });
  connect(m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_progress->setRange(0, static_cast<int>(total));
    m_progress->setValue(static_cast<int>(done));
  });
  connect(m_job, &BackgroundJob::finished, this, &SensitivityView::showState);
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& sentence) {
    m_model->clear();
    m_empty->setTexts(tr("It could not be measured"), sentence);
    showState();
  });
  connect(&document, &Document::opened, this, &SensitivityView::reset);
  connect(&document, &Document::selectionChanged, this, &SensitivityView::pullSelection);
  reset();
}

void SensitivityView::buildControls() {
  auto* card = new Card;
  auto* row = new QHBoxLayout;
  row->setSpacing(16);
  m_colors->setMaximumWidth(360);
  row->addWidget(m_colors, 1);
  row->addStretch();
  m_reverse->setToolTip(
      tr("Cut all layers but one instead of one alone: what leaving that layer whole would save"));
  row->addWidget(m_reverse);
  row->addWidget(m_button);
  card->body()->addLayout(row);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Progress of the scan"));
  auto keepsRoom = m_progress->sizePolicy();
  keepsRoom.setRetainSizeWhenHidden(true);
  m_progress->setSizePolicy(keepsRoom);
  card->body()->addWidget(m_progress);
  m_note->setWordWrap(true);
  card->body()->addWidget(m_note);
  static_cast<QBoxLayout*>(layout())->addWidget(card);
}

void SensitivityView::buildTable() {
  m_table->setModel(m_model);
  m_table->setItemDelegate(m_delegate);
  m_table->setAccessibleName(tr("Sensitivity of layers to settings"));
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setShowGrid(false);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setMouseTracking(true);
  auto* rows = m_table->verticalHeader();
  rows->setSectionResizeMode(QHeaderView::Fixed);
  rows->setDefaultSectionSize(SensitivityDelegate::rowHeight);
  rows->setMaximumWidth(190);
  rows->setTextElideMode(Qt::ElideMiddle);
  auto* columns = m_table->horizontalHeader();
  columns->setSectionResizeMode(QHeaderView::Stretch);
  columns->setMinimumSectionSize(54);
  columns->setHighlightSections(false);
  auto* copy = new QAction(tr("Copy data"), m_table);
  copy->setShortcut(QKeySequence::Copy);
  copy->setShortcutContext(Qt::WidgetShortcut);
  connect(copy, &QAction::triggered, this,
          [this] { QGuiApplication::clipboard()->setText(tableText(m_model->dataTable())); });
  m_table->addAction(copy);
  m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
  connect(m_table, &QTableView::clicked, this, &SensitivityView::toggle);
  connect(rows, &QHeaderView::sectionClicked, this, &SensitivityView::pushSelection);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this](const QModelIndex& current) { pushSelection(current.row()); });
}

bool SensitivityView::measuring() const { return m_job->running(); }

void SensitivityView::reset() {
  m_job->cancel();
  m_model->clear();
  invite();
  showState();
}

void SensitivityView::invite() {
  m_empty->setTexts(
      tr("Nothing measured yet"),
      tr("Press Measure to see what each layer costs when it alone is pruned or quantized. Mild "
         "cuts of large layers come first, and each cell is measured only as sharply as its "
         "colour needs. A click on a cell applies it to its layer, a second one takes it off."));
}

void SensitivityView::measure() {
  const auto& session = m_document.session();
  if (!session || measuring()) return;
  m_empty->setTexts(tr("Measuring"), tr("Learning what each cut saves…"));
  m_progress->setRange(0, 0);
  core::SensitivityRequest request;
  request.reverse = m_reverse->isChecked();
  const auto post = m_job->poster();
  m_job->start([session, request, post, this](const core::Progress& progress) -> BackgroundJob::Deliver {
    using Clock = std::chrono::steady_clock;
    Clock::time_point next;
    const core::SensitivityMatrix whole = session->sensitivity(
        request, progress, [&](const core::SensitivityMatrix& matrix, const core::SensitivityCell*) {
          if (Clock::now() < next) return;
          next = Clock::now() + std::chrono::milliseconds(100);
          post([this, matrix] { take(matrix); });
        });
    return [this, whole] { take(whole); };
  });
  showState();
}

void SensitivityView::cancel() {
  m_job->cancel();
  invite();
  showState();
}

void SensitivityView::take(const core::SensitivityMatrix& matrix) {
  m_model->setMatrix(matrix);
  m_delegate->setScale(m_model->scale());
  m_colors->setScale(m_model->scale(), m_model->unit());
  pullSelection();
  showState();
}

QString SensitivityView::note() const {
  const auto& matrix = m_model->matrix();
  if (matrix.cells.empty()) return {};
  QStringList parts;
  if (matrix.kind == core::QualityKind::Noise)
    parts << (matrix.total > 0 ? tr("signal-to-noise ratio of the outputs")
                               : tr("signal-to-noise ratio of the weights"));
  else
    parts << tr("%1 of a full scan's samples were run").arg(percentText(matrix.sampleShare(), 0));
  parts << tr("the bar is the bytes saved (zipped)");
  if (matrix.kind != core::QualityKind::Noise) parts << tr("slanted numbers are not sharp yet");
  return parts.join(QStringLiteral(" · "));
}

void SensitivityView::showState() {
  const bool any = m_model->rowCount() > 0;
  m_button->setEnabled(m_document.session() != nullptr);
  m_button->setText(measuring() ? tr("Cancel") : tr("Measure"));
  m_button->setToolTip(measuring() ? tr("Stops measuring and leaves what was measured (Esc)")
                                   : tr("Measures every layer under every setting, in the background"));
  m_reverse->setEnabled(m_document.session() != nullptr && !measuring());
  m_progress->setVisible(measuring());
  m_colors->setVisible(any);
  m_note->setText(note());
  m_note->setVisible(any);
  m_pages->setCurrentIndex(any ? Shown : Empty);
}

void SensitivityView::toggle(const QModelIndex& index) {
  if (!index.isValid()) return;
  const QString name = m_model->headerData(index.row(), Qt::Vertical, Qt::DisplayRole).toString();
  m_document.setRecipe(m_model->toggled(index),
                       (m_model->applied(index) ? tr("Take %1 off %2") : tr("Apply %1 to %2"))
                           .arg(m_model->settingText(index.column()), name));
}

void SensitivityView::pullSelection() {
  if (m_syncing || m_model->rowCount() == 0) return;
  const auto& layers = m_model->matrix().layers;
  const auto it = std::ranges::find(layers, m_document.currentLayer());
  if (it == layers.end()) return;
  m_syncing = true;
  const int row = static_cast<int>(it - layers.begin());
  const QModelIndex at = m_model->index(row, std::max(0, m_table->currentIndex().column()));
  if (m_table->currentIndex().row() != row)
    m_table->selectionModel()->setCurrentIndex(at, QItemSelectionModel::ClearAndSelect);
  m_syncing = false;
}

void SensitivityView::pushSelection(int row) {
  if (m_syncing || row < 0 || row >= m_model->rowCount()) return;
  m_syncing = true;
  m_document.select({m_model->layerOf(row)});
  m_syncing = false;
}

void SensitivityView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && measuring()) return cancel();
  const bool apply =
      event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
  if (apply && m_table->hasFocus()) return toggle(m_table->currentIndex());
  QWidget::keyPressEvent(event);
}

}  // namespace lapidary::ui
