// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation of a recipe: the loop over the table of measurements.
#include <algorithm>
#include <chrono>
#include <utility>

#include "core/files/mapped_file.h"
#include "core/session/evaluation.h"

namespace lapidary::core {

Evaluation::Evaluation(Session::State& state, const Recipe& recipe, const Session::EvaluateOptions& options,
                       const Progress& progress, const OnOutcome& onOutcome)
    : m_state(state),
      m_options(options),
      m_progress(progress),
      m_onOutcome(onOutcome),
      m_fingerprint(fingerprint(recipe)),
      m_measured(state.memo.find(m_fingerprint)) {
  outcome().recipe = recipe;
  outcome().final = false;
  outcome().remembered = outcome().quality ? outcome().quality->samples : 0;
}

const RunnableCut& Evaluation::cut() {
  return m_cut ? *m_cut : m_cut.emplace(m_state.prepare(outcome().recipe, m_progress));
}

const Predictions& Evaluation::originalAnswers() {
  if (!m_originalAnswers) m_originalAnswers = m_state.originalPredictions(m_state.data->size(), m_progress);
  return *m_originalAnswers;
}

const Predictions& Evaluation::cutAnswers() {
  if (!m_cutAnswers) m_cutAnswers = m_measured.predictions;
  if (!m_cutAnswers) m_cutAnswers = m_state.predictionsOf(outcome().recipe, {m_progress.stop, {}});
  return *m_cutAnswers;
}

bool Evaluation::has(const Needs& needs) const {
  const bool samples = m_state.data && m_state.data->size() > 0;
  return (!needs.runnable || m_state.canRun()) && (!needs.samples || samples) &&
         (!needs.classScores || m_state.classAnswers) &&
         (!needs.labels || (samples && m_state.data->labelled()));
}

bool Evaluation::asks(const MeasurementRow& row) const {
  return row.turn == Turn::First || row.turn == Turn::Always || m_options.measure.contains(row.id);
}

void Evaluation::measure(const MeasurementRow& row) {
  if (!asks(row) || !has(row.needs) || m_measured.done.contains(row.id)) return;
  m_progress.check();
  if (row.run != nullptr) {
    row.run(*this);
  } else {
    Figure figure = row.ofAnswers(*m_state.data, originalAnswers(), cutAnswers());
    figure.words = &row.words;
    outcome().figures.push_back(figure);
  }
  m_measured.done.insert(row.id);
}

void Evaluation::measureAll(bool first) {
  for (const MeasurementRow& row : measurements())
    if ((row.turn == Turn::First) == first) measure(row);
}

void Evaluation::tell() {
  outcome().seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
  if (m_onOutcome) m_onOutcome(outcome());
}

void Evaluation::tellProgress() {
  m_state.memo.store(m_fingerprint, m_measured);
  tell();
}

Outcome Evaluation::run() {
  measureAll(true);
  tell();
  // The next edit may be of a layer below: it starts from what this recipe computes above it.
  if (outcome().remembered > 0 && m_options.keepActivations && has({.samples = true}))
    m_state.warm(cut(), m_progress);
  measureAll(false);
  requireUnchangedFiles();
  outcome().final = true;
  tellProgress();
  return std::move(outcome());
}

void addSize(Evaluation& evaluation) {
  evaluation.outcome().footprint =
      evaluation.state().footprint(evaluation.outcome().recipe, evaluation.progress());
}

void addForms(Evaluation& evaluation) {
  Session::State& state = evaluation.state();
  evaluation.outcome().footprint.forms =
      state.meter.forms(evaluation.cut().model, state.options.workers, evaluation.progress());
}

void addSaliency(Evaluation& evaluation) {
  evaluation.outcome().drift = evaluation.state().driftOf(evaluation.cut(), evaluation.progress());
}

void addAttacked(Evaluation& evaluation) {
  evaluation.outcome().attacked =
      evaluation.state().attackedAccuracyOf(evaluation.cut().model, evaluation.progress());
}

namespace {

void requireRows(const MeasurementSet& asked) {
  for (const MeasurementId& id : asked)
    if (std::ranges::find(measurements(), id, &MeasurementRow::id) == measurements().end())
      throw Error(ErrorKind::Usage, "there is no measurement '" + std::string(id.name) +
                                        "': take one of core/session/measurement.h");
}

}  // namespace

Outcome Session::evaluate(const Recipe& recipe, const EvaluateOptions& options, const Progress& progress,
                          const std::function<void(const Outcome&)>& onOutcome) const {
  requireRows(options.measure);
  return Evaluation(*m_state, recipe, options, progress, onOutcome).run();
}

}  // namespace lapidary::core
