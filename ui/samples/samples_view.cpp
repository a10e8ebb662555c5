// SPDX-License-Identifier: GPL-3.0-or-later
// Layout, and when to compare anew.
#include "ui/samples/samples_view.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/samples/confusion_model.h"
#include "ui/samples/sample_delegate.h"
#include "ui/samples/thumbnail_store.h"
#include "ui/widgets/card.h"
#include "ui/widgets/content_pages.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {
namespace {

/// Cells are stretched over the table up to this many classes, and of fixed size beyond.
constexpr int stretchedClasses = 24;
constexpr int cellSize = 30;

QStringList namesOf(const core::Dataset& data) {
  QStringList names;
  for (const std::string& name : data.source().classNames()) names << QString::fromStdString(name);
  return names;
}

}  // namespace

SamplesView::SamplesView(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_thumbnails(new ThumbnailStore(this)),
      m_samples(new SampleListModel(*m_thumbnails, this)),
      m_confusion(new ConfusionModel(this)) {
  build();
  connect(&document, &Document::opened, this, &SamplesView::reset);
  connect(&document, &Document::recipeChanged, this, &SamplesView::followRecipe);
  connect(&document, &Document::outcomeChanged, this, &SamplesView::followOutcome);
  connect(m_job, &BackgroundJob::failed, this,
          [this](const QString& message) { showEmpty(tr("The samples could not be compared"), message); });
  connect(&Theme::instance(), &Theme::changed, m_matrix->viewport(), qOverload<>(&QWidget::update));
  reset();
}

Card* SamplesView::buildMatrix() {
  auto* card = new Card(tr("Confusion"), tr("truth down, answer across"));
  m_tables = new SegmentedControl;
  m_tables->add(ConfusionModel::Original, tr("Original"), tr("Answers of the model as it was opened"));
  m_tables->add(ConfusionModel::Cut, tr("Cut"), tr("Answers of the model as cut"));
  m_tables->add(ConfusionModel::Difference, tr("Difference"), tr("Cut minus original"));
  m_tables->setCurrent(ConfusionModel::Cut);
  connect(m_tables, &SegmentedControl::chosen, this,
          [this](int id) { m_confusion->setShown(static_cast<ConfusionModel::Shown>(id)); });
  card->body()->addWidget(m_tables, 0, Qt::AlignLeft);
  m_matrix = new QTableView;
  m_matrix->setModel(m_confusion);
  m_matrix->setAccessibleName(tr("Confusion matrix"));
  m_matrix->setAccessibleDescription(tr("A cell lists its samples when clicked or entered."));
  m_matrix->setSelectionMode(QAbstractItemView::SingleSelection);
  m_matrix->setTextElideMode(Qt::ElideNone);
  for (QHeaderView* header : {m_matrix->horizontalHeader(), m_matrix->verticalHeader()}) {
    header->setMinimumSectionSize(20);
    header->setDefaultSectionSize(cellSize);
    header->setDefaultAlignment(Qt::AlignCenter);
    header->setHighlightSections(false);
  }
  connect(m_matrix, &QTableView::clicked, this, &SamplesView::filterBy);
  connect(m_matrix, &QTableView::activated, this, &SamplesView::filterBy);
  card->body()->addWidget(m_matrix, 1);
  return card;
}

Card* SamplesView::buildLists() {
  auto* card = new Card(tr("Samples"));
  m_clear = makeButton(tr("Show all"), "flat");
  m_clear->hide();
  connect(m_clear, &QPushButton::clicked, this, &SamplesView::clearFilter);
  card->addToHead(m_clear);
  m_kinds = new SegmentedControl;
  m_kinds->add(SampleListModel::Lost, tr("Lost"), tr("Right before, wrong now"));
  m_kinds->add(SampleListModel::Gained, tr("Gained"), tr("Wrong before, right now"));
  m_kinds->add(SampleListModel::Changed, tr("Changed"), tr("Wrong before and now, but differently"));
  m_kinds->setCurrent(SampleListModel::Lost);
  connect(m_kinds, &SegmentedControl::chosen, this, [this](int id) {
    m_samples->setKind(static_cast<SampleListModel::Kind>(id));
    showCounts();
  });
  card->body()->addWidget(m_kinds);
  m_none = makeLabel({}, "muted");
  m_none->setWordWrap(true);
  card->body()->addWidget(m_none);
  m_list = new QListView;
  m_list->setProperty("look", "bare");
  m_list->setModel(m_samples);
  m_list->setItemDelegate(new SampleDelegate(m_list));
  m_list->setAccessibleName(tr("Samples whose answer changed"));
  m_list->setUniformItemSizes(true);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) {
    emit sampleActivated(index.data(SampleListModel::SampleRole).toULongLong());
  });
  connect(m_list, &QListView::activated, this, [this](const QModelIndex& index) {
    emit sampleActivated(index.data(SampleListModel::SampleRole).toULongLong());
  });
  card->body()->addWidget(m_list, 1);
  return card;
}

void SamplesView::build() {
  m_listCard = buildLists();
  m_matrixCard = buildMatrix();
  auto* splitter = new QSplitter;
  splitter->setObjectName(QStringLiteral("samplesSplitter"));
  splitter->setHandleWidth(10);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(m_listCard);
  splitter->addWidget(m_matrixCard);
  splitter->setStretchFactor(0, 2);
  splitter->setStretchFactor(1, 3);
  m_pages = new ContentPages(splitter, this);
}

void SamplesView::showEmpty(const QString& title, const QString& sentence) {
  m_pages->invite(title, sentence);
}

void SamplesView::reset() {
  m_job->cancel();
  m_comparison.reset();
  m_known = false;
  const auto& session = m_document.session();
  m_thumbnails->setData(session ? session->sharedData() : nullptr);
  m_samples->setComparison(nullptr);
  m_samples->setCell({});
  m_confusion->setComparison(nullptr, {}, true);
  emit comparisonChanged(nullptr);
  const QString what =
      tr("The samples that the cut loses and gains, with both answers, and the confusion matrix "
         "are shown here.");
  if (!session)
    showEmpty(tr("No model"), what + QLatin1Char(' ') + tr("Open a model and data."));
  else if (!session->data())
    showEmpty(tr("No data"), what + QLatin1Char(' ') + tr("Open data for this model to compare answers."));
  else if (!session->obstacles().empty())
    showEmpty(tr("The model cannot run"), QString::fromStdString(session->obstacles().front()));
  else
    showEmpty(tr("Measuring"), what + QLatin1Char(' ') + tr("They appear when all samples have been seen."));
  followOutcome();
}

void SamplesView::followRecipe() {
  if (!m_known || m_compared == m_document.shownRecipe()) return followOutcome();
  setDimmed(true);
  m_job->cancel();
}

void SamplesView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  followOutcome();
}

void SamplesView::setWanted(bool wanted) {
  m_wanted = wanted;
  followOutcome();
}

void SamplesView::followOutcome() {
  const auto& session = m_document.session();
  if (!session || !session->data() || !session->obstacles().empty()) return;
  if (!isVisible() && !m_wanted) return;
  const core::Outcome& outcome = m_document.outcome();
  if (!outcome.final || !(outcome.recipe == m_document.shownRecipe())) return;
  if (m_known && m_compared == outcome.recipe) return setDimmed(false);
  m_job->start(
      [session, recipe = outcome.recipe, this](const core::Progress& progress) -> BackgroundJob::Deliver {
        auto comparison = std::make_shared<const core::Comparison>(session->compare(recipe, progress));
        return [this, recipe, comparison] {
          m_compared = recipe;
          showComparison(comparison);
        };
      });
}

void SamplesView::showComparison(std::shared_ptr<const core::Comparison> comparison) {
  m_comparison = std::move(comparison);
  m_known = true;
  const auto& session = m_document.session();
  const core::Dataset* dataset = session ? session->data() : nullptr;
  const bool labelled = !dataset || dataset->labelled();
  const int scroll = m_confusion->rowCount();
  m_confusion->setComparison(m_comparison, dataset ? namesOf(*dataset) : QStringList(), labelled);
  const bool stretched = m_comparison->classes <= stretchedClasses;
  if (scroll != m_confusion->rowCount())
    for (QHeaderView* header : {m_matrix->horizontalHeader(), m_matrix->verticalHeader()})
      header->setSectionResizeMode(stretched ? QHeaderView::Stretch : QHeaderView::Fixed);
  m_matrixCard->setTitle(labelled ? tr("Confusion") : tr("Agreement"));
  m_matrixCard->setHint(labelled ? tr("truth down, answer across") : tr("original down, cut across"));
  m_kinds->setVisible(labelled);
  m_samples->setComparison(m_comparison);
  if (!labelled) m_samples->setKind(SampleListModel::Lost);
  showCounts();
  setDimmed(false);
  m_pages->showContent();
  emit comparisonChanged(m_comparison);
}

void SamplesView::setDimmed(bool dimmed) { m_pages->setDimmed(dimmed); }

void SamplesView::showCounts() {
  if (!m_comparison) return;
  const auto count = [](const auto& list) { return countText(static_cast<std::int64_t>(list.size())); };
  m_kinds->button(SampleListModel::Lost)->setText(tr("Lost %1").arg(count(m_comparison->lost)));
  m_kinds->button(SampleListModel::Gained)->setText(tr("Gained %1").arg(count(m_comparison->gained)));
  m_kinds->button(SampleListModel::Changed)->setText(tr("Changed %1").arg(count(m_comparison->changed)));
  const QString all = countText(static_cast<std::int64_t>(m_comparison->samples));
  m_listCard->setHint(m_clear->isHidden() ? tr("of %1").arg(all) : QString());
  m_none->setVisible(m_samples->rowCount() == 0);
  m_none->setText(m_clear->isHidden()
                      ? tr("None: the cut changed no answer of this kind. Cut further to see some.")
                      : tr("None of this kind in the chosen cell."));
}

void SamplesView::filterBy(const QModelIndex& cell) {
  if (!m_comparison || !cell.isValid()) return;
  m_samples->setCell(std::pair<std::int64_t, std::int64_t>{cell.row(), cell.column()});
  if (m_samples->rowCount() == 0 && m_kinds->isVisibleTo(this)) {
    for (const auto kind : {SampleListModel::Lost, SampleListModel::Gained, SampleListModel::Changed}) {
      m_samples->setKind(kind);
      m_kinds->setCurrent(kind);
      if (m_samples->rowCount() > 0) break;
    }
  }
  const QString row = m_confusion->headerData(cell.row(), Qt::Vertical).toString();
  const QString column = m_confusion->headerData(cell.column(), Qt::Horizontal).toString();
  m_listCard->setTitle(tr("Samples: %1 answered %2").arg(row, column));
  m_clear->show();
  showCounts();
}

void SamplesView::clearFilter() {
  m_samples->setCell({});
  m_matrix->clearSelection();
  m_listCard->setTitle(tr("Samples"));
  m_clear->hide();
  showCounts();
}

}  // namespace lapidary::ui
