// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/trials.h"

#include <algorithm>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/quality/output_meter.h"
#include "core/io/lapidary/lapidary_forecast.h"

namespace lapidary::core {

Trials::Trials(const Session& session, Session::State& state, const Progress& progress)
    : m_state(state), m_kind(session.qualityKind()) {
  if (!state.canRun()) return;
  if (!state.data || state.data->size() == 0) {
    m_noise.emplace(state.originalRunnable(), progress);
    m_total = m_noise->measure(state.originalRunnable(), progress).value_or(Trial{}).samples;
    return;
  }
  m_total = state.data->size();
  m_runner.emplace(state.original(), *state.executor, *state.data, state.remembering(true));
  if (state.classAnswers) m_meter.emplace(state.original(), *m_runner, *state.data, state.memory.workers);
}

void Trials::extendOnData(const RunnableCut& cut, bool same, std::size_t samples, Trial& trial,
                          const Progress& progress, bool keep) {
  const BatchRunner runner(cut.model, *cut.executor, *m_state.data,
                           m_state.remembering(true, keep ? Keep::Everything : Keep::Nothing));
  if (m_meter) return m_meter->extend({cut.model, runner, same}, samples, trial, progress);
  OutputDifference difference{trial.power, trial.samples};
  extendDifference({m_state.original(), *m_runner, cut.model, runner, same}, *m_state.data, samples,
                   m_state.memory.workers, difference, {progress.stop, {}});
  trial.power = difference.power;
  trial.samples = difference.samples;
}

void Trials::extend(const Recipe& recipe, std::size_t samples, Trial& trial, const Progress& progress,
                    bool keep) {
  samples = std::min(samples, m_total);
  if (trial.samples >= samples) return;
  const RunnableCut cut = m_state.prepare(recipe, {progress.stop, {}});
  if (m_noise)
    trial = m_noise->measure(cut.runnable(), progress).value_or(trial);
  else
    extendOnData(cut, recipe.empty(), samples, trial, progress, keep);
}

std::uint64_t Trials::bytes(const Recipe& recipe, SizeKind kind, const Progress& progress) {
  const Progress stopOnly{progress.stop, {}};
  if (kind == SizeKind::Onnx) return m_state.footprint(recipe, stopOnly).fileAfter;
  const Model cut = m_state.cutModel(recipe, stopOnly);
  return kind == SizeKind::Zipped ? zippedBytes(cut, stopOnly)
                                  : m_state.meter.lapidaryBytes(cut, m_state.options.workers, stopOnly);
}

}  // namespace lapidary::core
