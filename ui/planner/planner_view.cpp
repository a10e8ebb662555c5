// SPDX-License-Identifier: GPL-3.0-or-later
// One job; the pages stand for nothing measured, cannot run, and figures.
#include "ui/planner/planner_view.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>

#include "ui/document/background_job.h"
#include "ui/look/number_text.h"
#include "ui/planner/plan_rows.h"
#include "ui/planner/planner_controls.h"
#include "ui/widgets/card.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

PlannerView::PlannerView(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_job(new BackgroundJob(this)),
      m_controls(new PlannerControls),
      m_empty(new EmptyState({}, {})),
      m_blocked(new EmptyState({}, {})),
      m_stages(new CellTable(stageColumns(), this)),
      m_splits(new CellTable(splitColumns(), this)),
      m_note(makeLabel({}, "caption")),
      m_pages(new QStackedWidget) {
  m_pages->addWidget(m_empty);
  m_pages->addWidget(m_blocked);
  m_pages->addWidget(buildShown());
  m_note->setWordWrap(true);
  auto* card = new Card;
  card->body()->addWidget(m_controls);
  card->body()->addWidget(m_note);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  column->addWidget(card);
  column->addWidget(m_pages, 1);
  connect(m_controls, &PlannerControls::measureAsked, this, &PlannerView::measure);
  connect(m_controls, &PlannerControls::cancelAsked, this, &PlannerView::cancel);
  connect(m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_controls->setProgress(static_cast<int>(done), static_cast<int>(total));
  });
  connect(m_job, &BackgroundJob::failed, this, &PlannerView::fail);
  connect(&document, &Document::opened, this, &PlannerView::reset);
  connect(&document, &Document::recipeChanged, this, &PlannerView::showPage);
  reset();
}

QWidget* PlannerView::buildShown() {
  auto* page = new QWidget;
  page->setObjectName("plain");
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  auto* throughput = new Card(tr("Throughput, samples per second"),
                              tr("outline: predicted · filled: measured, each worker a piece"));
  m_bars = new ThroughputBars;
  throughput->body()->addWidget(m_bars);
  auto* stages = new Card(tr("Stages of the pipeline"), tr("drawn in the layer table"));
  m_stageView = makeCellView(*m_stages, tr("Stages of the pipeline"));
  stages->body()->addWidget(m_stageView);
  auto* splits = new Card(tr("Large layers in parts"), tr("time for one batch"));
  m_splitView = makeCellView(*m_splits, tr("Large layers in parts"));
  m_noSplits = makeLabel({}, "muted");
  m_noSplits->setWordWrap(true);
  splits->body()->addWidget(m_splitView);
  splits->body()->addWidget(m_noSplits);
  for (auto* card : {throughput, stages, splits}) column->addWidget(card);
  column->addStretch();
  connect(m_stageView, &QTableView::activated, this,
          [this](const QModelIndex& index) { selectStage(index.row()); });
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setWidget(page);
  return area;
}

bool PlannerView::measuring() const { return m_job->running(); }

bool PlannerView::outdated() const { return m_figures && m_measured != m_document.recipe(); }

void PlannerView::reset() {
  m_job->cancel();
  m_figures.reset();
  m_empty->setTexts(
      tr("Not planned yet"),
      tr("Choose how many stages, workers and parts there are to be, and press Measure: how fast "
         "the model runs so, predicted and measured, is shown here, with the memory and time of "
         "every stage, and the cut in the layer table. Let other programs rest meanwhile."));
  showPage();
  emit marksChanged();
}

void PlannerView::showPage() {
  const auto& session = m_document.session();
  if (session && !session->obstacles().empty())
    m_blocked->setTexts(tr("The model cannot run"), QString::fromStdString(session->obstacles().front()));
  const bool blocked = !session || !session->obstacles().empty();
  m_controls->setEnabled(!blocked);
  m_controls->setMeasuring(measuring());
  m_pages->setCurrentIndex(blocked ? Blocked : m_figures ? Shown : Empty);
  m_note->setText(note());
  m_note->setVisible(!m_note->text().isEmpty());
}

void PlannerView::measure() {
  const auto& session = m_document.session();
  if (!session || !session->obstacles().empty() || measuring()) return;
  m_controls->setProgress(0, 100);
  m_job->start([session, recipe = m_document.recipe(), request = m_controls->request(),
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::ParallelFigures figures = session->plan(recipe, request, progress);
    return [this, figures, recipe] { take(figures, recipe); };
  });
  showPage();
}

void PlannerView::cancel() {
  m_job->cancel();
  showPage();
}

void PlannerView::take(const core::ParallelFigures& figures, const core::Recipe& recipe) {
  m_figures = figures;
  m_measured = recipe;
  fill();
  showPage();
  emit marksChanged();
}

void PlannerView::fail(const QString& sentence) {
  m_figures.reset();
  m_empty->setTexts(tr("It could not be measured"), sentence);
  showPage();
  emit marksChanged();
}

void PlannerView::fill() {
  const core::Model& model = m_document.session()->model();
  m_bars->setRows(throughputRows(*m_figures));
  m_bars->setTable(throughputTable(*m_figures));
  m_stages->setRows(stageRows(*m_figures, model));
  m_splits->setRows(splitRows(*m_figures, model));
  fitToRows(*m_stageView);
  fitToRows(*m_splitView);
  const bool any = !m_figures->splits.empty();
  m_splitView->setVisible(any);
  m_noSplits->setVisible(!any);
  m_noSplits->setText(m_controls->parts()->value() < 2
                          ? tr("With one part nothing is split: choose two or more.")
                          : tr("No layer of this model is large enough for its parts to be worth a thread."));
}

void PlannerView::selectStage(int stage) {
  if (!m_figures || stage < 0 || static_cast<std::size_t>(stage) >= m_figures->stages.size()) return;
  const auto& layers = m_figures->stages[static_cast<std::size_t>(stage)].layers;
  if (!layers.empty()) m_document.select(layers);
}

StageMarks PlannerView::marks() const {
  if (!m_open || !m_figures) return {};
  return stageMarks(*m_figures, m_document.session()->model());
}

QString PlannerView::note() const {
  if (measuring()) return tr("Measuring with all of these threads; let other programs rest meanwhile");
  if (!m_figures) return {};
  if (outdated()) return tr("The recipe has changed since this was measured: measure again.");
  const bool noise = m_document.session()->data() == nullptr;
  return tr("%n processor(s)", nullptr, static_cast<int>(m_figures->processors)) + QStringLiteral(" · ") +
         tr("batches of %n sample(s)", nullptr, static_cast<int>(m_figures->batch)) + QStringLiteral(" · ") +
         (noise ? tr("on noise, as there are no data") : tr("on the first samples of the data"));
}

void PlannerView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (event->spontaneous()) return;
  m_open = true;
  emit marksChanged();
}

void PlannerView::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  if (event->spontaneous()) return;  // the window was minimised
  m_open = false;
  emit marksChanged();
}

void PlannerView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && measuring()) return cancel();
  QWidget::keyPressEvent(event);
}

}  // namespace lapidary::ui
