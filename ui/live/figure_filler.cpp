// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/live/figure_filler.h"

#include "core/support/background.h"

namespace lapidary::ui {

FigureFiller::FigureFiller(Document& document, LiveEvaluation& live, VisitedRecipes& visited)
    : m_document(document), m_live(live), m_visited(visited) {
  connect(&document, &Document::opened, this, [this] {
    m_job.cancel();
    m_without.clear();
  });
  connect(&document, &Document::recipeChanged, this, [this] { m_job.cancel(); });
  connect(&live, &LiveEvaluation::stateChanged, this, &FigureFiller::startWhenQuiet);
  connect(&m_job, &BackgroundJob::finished, this, &FigureFiller::startWhenQuiet);
}

void FigureFiller::setAxis(TradeOffAxis axis) {
  if (axis == m_axis) return;
  m_axis = axis;
  m_without.clear();
  m_job.cancel();
  startWhenQuiet();
}

const Visit* FigureFiller::next() const {
  for (const Visit& visit : m_visited.visits())
    if (!visit.on(m_axis) && !m_without.contains(core::fingerprint(visit.recipe))) return &visit;
  return nullptr;
}

void FigureFiller::startWhenQuiet() {
  if (m_axis == TradeOffAxis::Quality || !m_document.session() || m_live.running() || m_job.running()) return;
  if (!m_document.outcome().final) return;
  const Visit* visit = next();
  if (visit == nullptr) return;
  m_job.start([this, session = m_document.session(), recipe = visit->recipe,
               attacked = m_axis ==
                          TradeOffAxis::Attacked](const core::Progress& progress) -> BackgroundJob::Deliver {
    core::lowerThreadPriority();
    const auto lacking = attacked ? core::measurement::attacked : core::measurement::saliency;
    const auto outcome =
        session->evaluate(recipe, {.measure = {lacking}, .keepActivations = false}, progress);
    return [this, outcome] {
      if (!figureOf(m_axis).valueOf(outcome)) m_without.insert(core::fingerprint(outcome.recipe));
      m_visited.add(outcome);
    };
  });
}

}  // namespace lapidary::ui
