// SPDX-License-Identifier: GPL-3.0-or-later
// Fills the tiles from the document's outcome.
#include "ui/figures/figures_strip.h"

#include <QBoxLayout>

#include "ui/actions/key_bindings.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/visited_recipes.h"
#include "ui/figures/repair_obstacle.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {
/// Milliseconds after which figures of an earlier recipe are dimmed: a new one that comes sooner takes
/// their place without a flicker.
constexpr int graceMs = 100;
}  // namespace

FiguresStrip::FiguresStrip(Document& document, LiveEvaluation& live, VisitedRecipes& visited, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_visited(visited),
      m_repair(makeButton(tr("Repair…"), "small")) {
  setObjectName("figures");
  setAttribute(Qt::WA_StyledBackground);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  static constexpr std::array stretches{37, 29, 24, 25, 24};
  for (std::size_t i = 0; i < m_tiles.size(); ++i) {
    if (i > 0) {
      auto* line = new QFrame;
      line->setProperty("look", "column");
      row->addWidget(line);
    }
    m_tiles[i] = new FigureTile;
    row->addWidget(m_tiles[i], stretches[i]);
  }
  m_tiles[Quality]->setCorner(m_repair);
  connect(m_repair, &QPushButton::clicked, this, &FiguresStrip::repairAsked);
  connect(m_tiles[Quality], &FigureTile::painted, this, [this] {
    // The recipe may have changed since, and these figures be old already.
    const bool fresh = m_document.outcome().recipe == m_document.shownRecipe();
    if (std::exchange(m_paintAwaited, false) && fresh) emit qualityPainted();
  });
  connect(&document, &Document::opened, this, &FiguresStrip::reset);
  connect(&document, &Document::recipeChanged, this, &FiguresStrip::followRecipe);
  connect(&KeyBindings::instance(), &KeyBindings::changed, this, &FiguresStrip::showRepair);
  connect(&document, &Document::outcomeChanged, this, &FiguresStrip::refresh);
  connect(&live, &LiveEvaluation::trailingOutcome, this, &FiguresStrip::showTrailing);
  connect(&visited, &VisitedRecipes::changed, this, &FiguresStrip::showHistory);
  m_grace.setSingleShot(true);
  m_grace.setInterval(graceMs);
  connect(&m_grace, &QTimer::timeout, this, &FiguresStrip::refresh);
  reset();
  showHistory();
  showRepair();
}

void FiguresStrip::showRepair() {
  const QString obstacle = repairObstacle(m_document);
  m_repair->setEnabled(obstacle.isEmpty());
  m_repair->setToolTip(obstacle.isEmpty()
                           ? KeyBindings::instance().withKeys(
                                 tr("Trains what the cut has left, and shows how long it takes first"),
                                 QStringLiteral("edit.repair"))
                           : obstacle);
}

void FiguresStrip::reset() {
  showRepair();
  for (auto* tile : m_tiles) tile->setText({}, false);
  refresh();
}

void FiguresStrip::followRecipe() {
  showRepair();
  const bool fresh = !m_tiles[Quality]->old() && m_document.outcome().quality;
  if (fresh && !m_grace.isActive() && !std::exchange(m_graceSpent, true)) m_grace.start();
  refresh();
}

void FiguresStrip::put(Figure figure, const FigureText& text, bool old) {
  const bool keep = !text.known && m_tiles[figure]->text().known && !m_tiles[figure]->text().figure.isEmpty();
  m_tiles[figure]->setText(keep ? m_tiles[figure]->text() : text, (old || keep) && !m_grace.isActive());
}

void FiguresStrip::refresh() {
  const auto& session = m_document.session();
  if (!session) return;
  const auto& outcome = m_document.outcome();
  if (outcome.footprint.fileAfter == 0) {
    FigureText waiting;
    waiting.known = false;
    waiting.figure = QStringLiteral("–");
    for (std::size_t i = 0; i < m_tiles.size(); ++i)
      if (m_tiles[i]->text().figure.isEmpty()) m_tiles[i]->setText(waiting, false);
    return;
  }
  const bool old = outcome.recipe != m_document.shownRecipe();
  put(Quality, qualityFigure(*session, outcome), old);
  put(Size, sizeFigure(*session, outcome), old);
  put(Zeros, zerosFigure(outcome), old);
  put(Latency, latencyFigure(*session, outcome), old);
  put(Saliency, saliencyFigure(*session, outcome), old);
  // A paint of dimmed figures must not count, and one of equal text must still come.
  m_paintAwaited = !old && outcome.quality;
  if (!m_paintAwaited) return;
  m_graceSpent = false;
  m_tiles[Quality]->update();
}

void FiguresStrip::showTrailing(const core::Outcome& outcome) {
  if (m_document.session()) put(Quality, qualityFigure(*m_document.session(), outcome), true);
}

void FiguresStrip::showHistory() {
  std::vector<double> values;
  for (const auto& visit : m_visited.visits())
    if (visit.quality) values.push_back(visit.quality->value);
  constexpr std::size_t shown = 60;
  if (values.size() > shown) values.erase(values.begin(), values.end() - shown);
  m_tiles[Quality]->setHistory(std::move(values));
}

}  // namespace lapidary::ui
