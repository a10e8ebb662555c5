// SPDX-License-Identifier: GPL-3.0-or-later
// Schedules evaluations and hands their outcomes to the document.
#include "ui/document/live_evaluation.h"

#include <utility>

namespace lapidary::ui {

namespace {
constexpr int patienceMs = 120;
}

LiveEvaluation::LiveEvaluation(Document& document) : m_document(document) {
  m_patience.setSingleShot(true);
  connect(&m_patience, &QTimer::timeout, this, &LiveEvaluation::launch);
  connect(&document, &Document::opened, this, [this] {
    m_job.cancel();
    m_hasQuality = true;
    m_lastLatency.reset();
    m_samples = m_total = 0;
  });
  connect(&document, &Document::recipeChanged, this, &LiveEvaluation::recipeChanged);
  connect(&m_job, &BackgroundJob::finished, this, [this] {
    if (m_newerWaits) launch();
    emit stateChanged();
  });
  connect(&m_job, &BackgroundJob::failed, this, [this](const QString& message) {
    if (m_newerWaits) launch();
    emit stateChanged();
    emit failed(message);
  });
}

void LiveEvaluation::stop() {
  m_patience.stop();
  m_newerWaits = false;
  m_stopped = true;
  m_job.cancel();
  emit stateChanged();
}

void LiveEvaluation::resume() {
  if (m_document.session()) launch();
}

void LiveEvaluation::notePainted() {
  if (!std::exchange(m_latencyOpen, false)) return;
  m_lastLatency = static_cast<double>(m_sinceChange.nsecsElapsed()) / 1e6;
  emit firstQualityShown(*m_lastLatency);
}

void LiveEvaluation::recipeChanged() {
  if (!m_document.session()) {
    m_job.cancel();
    return;
  }
  m_sinceChange.restart();
  m_latencyOpen = true;
  if (m_job.running() && !m_hasQuality) {
    m_newerWaits = true;
    if (!m_patience.isActive()) m_patience.start(patienceMs);
    return;
  }
  launch();
}

void LiveEvaluation::launch() {
  m_patience.stop();
  m_newerWaits = m_stopped = m_hasQuality = false;
  m_samples = 0;
  const auto post = m_job.poster();
  m_job.start([this, post, session = m_document.session(),
               recipe = m_document.shownRecipe()](const core::Progress& progress) -> BackgroundJob::Deliver {
    session->evaluate(recipe, {}, progress,
                      [&](const core::Outcome& outcome) { post([this, outcome] { take(outcome); }); });
    return {};
  });
  emit stateChanged();
}

void LiveEvaluation::take(const core::Outcome& outcome) {
  const bool fresh = outcome.recipe == m_document.shownRecipe();
  const bool first = outcome.quality && !m_hasQuality;
  if (outcome.quality) {
    m_hasQuality = true;
    m_samples = outcome.quality->samples;
    m_total = outcome.quality->total;
  }
  if (fresh)
    m_document.setOutcome(outcome);
  else if (outcome.quality)
    emit trailingOutcome(outcome);
  if (first && m_newerWaits) launch();
  emit stateChanged();
}

}  // namespace lapidary::ui
