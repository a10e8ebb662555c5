// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/prefetcher.h"

#include <limits>
#include <utility>

#include "core/support/background.h"
#include "ui/document/likely_recipes.h"

namespace lapidary::ui {

namespace {

constexpr int quietMs = 300;
constexpr std::size_t mostRecipes = 8;

/// The first figure of every recipe, then the rest of each: the sooner the next move comes, the more of them
/// have an answer.
void measure(const core::Session& session, const std::vector<core::Recipe>& recipes,
             const core::Progress& progress) {
  for (const std::size_t samples : {session.firstSamples(), std::numeric_limits<std::size_t>::max()})
    for (const auto& recipe : recipes) {
      progress.check();
      session.anticipate(recipe, samples, progress);
    }
}

}  // namespace

Prefetcher::Prefetcher(Document& document, LiveEvaluation& live) : m_document(document), m_live(live) {
  m_quiet.setSingleShot(true);
  m_quiet.setInterval(quietMs);
  connect(&m_quiet, &QTimer::timeout, this, &Prefetcher::startWhenQuiet);
  connect(&document, &Document::recipeChanged, this, &Prefetcher::startAnew);
  connect(&document, &Document::dragEnded, this, &Prefetcher::startAnew);
  connect(&live, &LiveEvaluation::stateChanged, this, &Prefetcher::startWhenQuiet);
  connect(&m_job, &BackgroundJob::finished, this, &Prefetcher::ended);
}

void Prefetcher::setEnabled(bool enabled) {
  m_enabled = enabled;
  startAnew();
}

void Prefetcher::startAnew() {
  m_job.cancel();
  m_wanted = m_enabled && !m_document.holdingOriginal() && m_document.lastMove();
  m_wanted ? m_quiet.start() : m_quiet.stop();
}

void Prefetcher::startWhenQuiet() {
  const core::Outcome& outcome = m_document.outcome();
  const bool complete = outcome.final && outcome.recipe == m_document.recipe() && !m_live.running();
  if (!m_wanted || m_quiet.isActive() || !complete) return;
  m_wanted = false;
  m_job.start([session = m_document.session(), recipes = likelyRecipes(*m_document.lastMove(), mostRecipes)](
                  const core::Progress& progress) -> BackgroundJob::Deliver {
    core::lowerThreadPriority();
    measure(*session, recipes, progress);
    return {};
  });
  emit started();
}

}  // namespace lapidary::ui
