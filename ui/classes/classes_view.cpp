// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and texts.
#include "ui/classes/classes_view.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>

#include "core/analyze/changes/class_changes.h"
#include "ui/classes/reliability_chart.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/planner/cell_table.h"
#include "ui/widgets/card.h"
#include "ui/widgets/content_pages.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

QString between(const core::Interval& interval) {
  return QStringLiteral("%1 … %2").arg(percentText(interval.low, 1), percentText(interval.high, 1));
}

QString pointsBetween(const core::Interval& interval) {
  return QStringLiteral("%1 … %2").arg(pointsText(interval.low), pointsText(interval.high));
}

/// A mark where the interval of the change leaves out 0.
QColor markOf(const core::ClassChange& row) {
  if (row.changeInterval.high < 0) return Theme::instance().color(Role::Loss);
  if (row.changeInterval.low > 0) return Theme::instance().color(Role::Gain);
  return {};
}

}  // namespace

ClassesView::ClassesView(Document& document, QWidget* parent) : QWidget(parent), m_document(document) {
  build();
  connect(&document, &Document::opened, this, [this] { setComparison(nullptr); });
  connect(&document, &Document::recipeChanged, this, &ClassesView::followRecipe);
  setComparison(nullptr);
}

Card* ClassesView::buildTable() {
  m_tableCard = new Card(tr("Classes"), tr("most lost first"));
  m_rows = new CellTable({{tr("Class"), {}, false},
                          {tr("Samples"), tr("That are of this class")},
                          {tr("Before"), tr("Share that the original answers rightly")},
                          {tr("After"), tr("Share that the cut answers rightly")},
                          {tr("Points"), tr("After less before, on the same samples")},
                          {tr("95 %"), tr("Interval of the change, paired")},
                          {tr("Lost"), tr("Right before, wrong now")},
                          {tr("Gained"), tr("Wrong before, right now")}},
                         this);
  m_table = makeCellView(*m_rows, tr("Accuracy of every class"));
  m_table->setMinimumHeight(0);
  m_table->setMaximumHeight(QWIDGETSIZE_MAX);
  m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  m_table->horizontalHeader()->setMinimumSectionSize(48);
  m_tableCard->body()->addWidget(m_table, 1);
  auto* note =
      makeLabel(tr("A mark stands where the interval of the change leaves out 0. Of many classes a few "
                   "seem to change by chance."),
                "caption");
  note->setWordWrap(true);
  m_tableCard->body()->addWidget(note);
  return m_tableCard;
}

Card* ClassesView::buildDiagram() {
  m_diagramCard = new Card(tr("Reliability"), tr("right (%) against confidence (%)"));
  m_chart = new ReliabilityChart;
  m_diagramCard->body()->addWidget(m_chart, 1);
  m_error = makeLabel({}, "muted");
  m_error->setWordWrap(true);
  m_diagramCard->body()->addWidget(m_error);
  return m_diagramCard;
}

void ClassesView::build() {
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->setHandleWidth(10);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(buildTable());
  splitter->addWidget(buildDiagram());
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  m_pages = new ContentPages(splitter, this);
}

bool ClassesView::isEmpty() const { return !m_pages->showsContent(); }

void ClassesView::showEmpty() {
  const QString what =
      tr("What the cut does to every class, and how far its confidence can be believed, is shown "
         "here.");
  const auto& session = m_document.session();
  if (!session)
    m_pages->invite(tr("No model"), what + QLatin1Char(' ') + tr("Open a model and data."));
  else if (!session->data())
    m_pages->invite(tr("No data"), what + QLatin1Char(' ') + tr("Open data for this model."));
  else if (!session->obstacles().empty())
    m_pages->invite(tr("The model cannot run"), QString::fromStdString(session->obstacles().front()));
  else if (session->qualityKind() == core::QualityKind::Noise)
    m_pages->invite(tr("No classes"), tr("The outputs of this model are not scores of classes."));
  else
    m_pages->invite(tr("Measuring"),
                    what + QLatin1Char(' ') + tr("It appears when all samples have been seen."));
}

void ClassesView::setComparison(std::shared_ptr<const core::Comparison> comparison) {
  m_known = comparison != nullptr;
  m_chart->setComparison(comparison);
  if (!m_known) {
    m_rows->setRows({});
    return showEmpty();
  }
  m_recipe = m_document.outcome().recipe;
  showRows(*comparison);
  showError(*comparison);
  m_pages->setDimmed(false);
  m_pages->showContent();
}

void ClassesView::showRows(const core::Comparison& comparison) {
  const auto& session = m_document.session();
  const auto names =
      session && session->data() ? session->data()->source().classNames() : std::vector<std::string>();
  std::vector<CellTable::Row> rows;
  for (const core::ClassChange& row : core::classChanges(comparison)) {
    const auto cls = static_cast<std::size_t>(row.cls);
    const QString name = cls < names.size() ? QString::fromStdString(names[cls]) : QString::number(row.cls);
    const auto count = [](std::size_t n) { return countText(static_cast<std::int64_t>(n)); };
    rows.push_back(
        {{name, count(row.samples), percentText(row.before, 1), percentText(row.after, 1),
          pointsText(row.change), pointsBetween(row.changeInterval), count(row.lost), count(row.gained)},
         tr("%1: before %2, after %3 (95 %)")
             .arg(name, between(row.beforeInterval), between(row.afterInterval)),
         markOf(row)});
  }
  m_rows->setRows(std::move(rows));
}

void ClassesView::showError(const core::Comparison& comparison) {
  m_diagramCard->setVisible(comparison.reliability.has_value());
  if (!comparison.reliability) return;
  const core::Reliability &cut = *comparison.reliability, &original = *comparison.originalReliability;
  const auto text = [](const core::Reliability& r) {
    return QStringLiteral("%1 (%2)").arg(percentText(r.ece, 2), between(r.eceInterval));
  };
  m_error->setText(
      tr("Expected calibration error (15 bins): original %1, cut %2").arg(text(original), text(cut)) +
      QLatin1Char('\n') +
      tr("Mean confidence of the cut %1, right %2; over bins of equal counts the error is %3.")
          .arg(percentText(cut.confidence, 1), percentText(cut.accuracy, 1),
               percentText(cut.adaptiveEce, 2)));
}

void ClassesView::followRecipe() {
  if (m_known) m_pages->setDimmed(!(m_recipe == m_document.shownRecipe()));
}

void ClassesView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  emit wanted(true);
}

void ClassesView::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  emit wanted(false);
}

}  // namespace lapidary::ui
