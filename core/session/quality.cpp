// SPDX-License-Identifier: GPL-3.0-or-later
// The quality, sample by sample: answers where outputs are scores of classes, else the noise in the outputs.
#include <algorithm>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/accuracy.h"
#include "core/analyze/quality/output_difference.h"
#include "core/analyze/quality/output_meter.h"
#include "core/analyze/trials/noise.h"
#include "core/run/executor.h"
#include "core/session/evaluation.h"
#include "core/support/background.h"
#include "core/support/parallel.h"

namespace lapidary::core {

bool sameWeights(const Model& a, const Model& b) {
  return a.graph == b.graph && std::equal(a.weights.begin(), a.weights.end(), b.weights.begin(),
                                          b.weights.end(), [](const auto& x, const auto& y) {
                                            return x.first == y.first && x.second.id() == y.second.id();
                                          });
}

void Session::State::measureDifference(const RunnableCut& cut, std::size_t samples, Keep keep,
                                       Measured& measured, const Progress& progress,
                                       const std::function<void()>& tell) {
  const BatchRunner runner(original(), *executor, *data, remembering(true));
  const BatchRunner runCut(cut.model, *cut.executor, *data, remembering(true, keep));
  const ComparedModels models{original(), runner, cut.model, runCut, sameWeights(original(), cut.model)};
  OutputDifference& difference = measured.difference;
  std::size_t step = options.firstSamples;
  for (std::size_t end = step; difference.samples < std::min(samples, data->size()); step *= 2, end += step) {
    if (runner.aligned(end) <= difference.samples) continue;
    extendDifference(models, *data, end, memory.workers, difference, progress);
    measured.outcome.quality = qualityOf(*data, difference);
    if (difference.samples == data->size()) measured.done.insert(measurement::quality);
    tell();
  }
}

void Session::State::warm(const RunnableCut& cut, const Progress& progress) {
  const BatchRunner runner(cut.model, *cut.executor, *data, remembering(true));
  const auto front = runner.chunks(0, runner.aligned(options.firstSamples));
  parallelFor(front.size(), memory.workers,
              [&](std::size_t i, unsigned) { runner.outputs(cut.model, front[i], progress.stop); });
}

/// First `firstSamples`, then steps that double, so that few reports reach all samples.
void Session::State::measureQuality(const RunnableCut& cut, std::size_t samples, Keep keep,
                                    Measured& measured, const Progress& progress,
                                    const std::function<void()>& tell) {
  if (!canRun()) return;
  if (!data) {
    measured.done.insert(measurement::quality);
    measured.outcome.quality = noiseQuality(originalRunnable(), cut.runnable(), progress);
    return tell();
  }
  if (!classAnswers) return measureDifference(cut, samples, keep, measured, progress, tell);
  const bool unchanged = sameWeights(original(), cut.model);
  const Predictor predictions(cut.model, *cut.executor, *data, memory.workers, remembering(true, keep));
  Predictions known = measured.predictions ? *measured.predictions : Predictions{};
  std::size_t step = options.firstSamples;
  for (std::size_t end = step; known.samples.size() < std::min(samples, data->size());
       step *= 2, end += step) {
    if (predictor->aligned(end) <= known.samples.size()) continue;
    const auto before = originalPredictions(end, progress);
    if (unchanged)
      known.classes = before->classes, known.samples = before->samples;
    else
      predictions.extend(cut.model, end, known, progress);
    known.samples.resize(std::min(known.samples.size(), predictor->aligned(end)));
    measured.outcome.quality = qualityOf(*data, *before, known);
    if (known.samples.size() == data->size()) measured.done.insert(measurement::quality);
    measured.predictions = std::make_shared<const Predictions>(known);
    tell();
  }
}

void addQuality(Evaluation& evaluation) {
  Session::State& state = evaluation.state();
  state.measureQuality(evaluation.cut(), state.data ? state.data->size() : 0, evaluation.keep(),
                       evaluation.measured(), evaluation.progress(), [&] { evaluation.tellProgress(); });
}

void Session::anticipate(const Recipe& recipe, std::size_t samples, const Progress& progress) const {
  if (!data() || data()->size() == 0 || !m_state->canRun()) return;
  const BackgroundWork background;
  const std::string name = fingerprint(recipe);
  Measured measured = m_state->memo.find(name);
  Outcome& outcome = measured.outcome;
  if (outcome.quality && outcome.quality->samples >= std::min(samples, data()->size())) return;
  outcome.recipe = recipe;
  const RunnableCut cut = m_state->prepare(recipe, progress);
  if (measured.done.insert(measurement::size).second)
    outcome.footprint = m_state->footprint(recipe, progress);
  m_state->measureQuality(cut, samples, Keep::Nothing, measured, {progress.stop, {}},
                          [&] { m_state->memo.store(name, measured); });
}

}  // namespace lapidary::core
