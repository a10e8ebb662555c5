// Evaluation of a recipe: footprint, then quality sample by sample, then latency, zip and saliency.
#include <algorithm>
#include <chrono>
#include <utility>

#include "core/analyze/accuracy.h"
#include "core/analyze/batch_runner.h"
#include "core/analyze/comparison.h"
#include "core/analyze/latency.h"
#include "core/analyze/noise.h"
#include "core/analyze/output_difference.h"
#include "core/analyze/output_meter.h"
#include "core/analyze/predictor.h"
#include "core/files/mapped_file.h"
#include "core/run/executor.h"
#include "core/session/state.h"
#include "core/support/background.h"
#include "core/support/clock.h"
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
    measured.quality = difference.samples == data->size();
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
  measured.quality = !canRun() || !data || data->size() == 0;
  if (!canRun()) return;
  if (!data) {
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
    measured.quality = known.samples.size() == data->size();
    measured.predictions = std::make_shared<const Predictions>(known);
    tell();
  }
}

std::optional<std::vector<Tensor>> Session::State::timingInputs(std::size_t samples) const {
  if (!data || data->size() == 0) return noiseInputs(original(), static_cast<std::int64_t>(samples));
  std::vector<std::size_t> chosen(samples);
  for (std::size_t i = 0; i < samples; ++i) chosen[i] = data->order()[i % data->size()];
  return data->inputs(chosen);
}

void Session::State::measureLatency(const RunnableCut& cut, Outcome& outcome,
                                    const Progress& progress) const {
  if (!canRun()) return;
  const auto samples = static_cast<std::size_t>(std::max<std::int64_t>(1, fixedBatch(original())));
  const auto inputs = timingInputs(samples);
  if (!inputs) return;
  try {
    outcome.latency = core::measureLatency(originalRunnable(), cut.runnable(), *inputs, samples, progress);
  } catch (const Error&) {
    if (data) throw;  // sizes of noise inputs are guesses: where they do not fit there is no latency
  }
}

void Session::State::addReliability(Measured& measured, const Progress& progress) {
  Outcome& outcome = measured.outcome;
  if (outcome.reliability || !measured.quality || !canRun() || !classAnswers || !data->labelled()) return;
  const auto after =
      measured.predictions ? measured.predictions : predictionsOf(outcome.recipe, {progress.stop, {}});
  const auto before = originalPredictions(data->size(), progress);
  {
    const std::lock_guard lock(m_mutex);
    outcome.originalReliability = m_originalReliability;
  }
  if (!outcome.originalReliability) outcome.originalReliability = reliabilityOf(*data, *before);
  const bool same = before->samples == after->samples;
  outcome.reliability = same ? outcome.originalReliability : reliabilityOf(*data, *after);
  const std::lock_guard lock(m_mutex);
  m_originalReliability = outcome.originalReliability;
}

Outcome Session::evaluate(const Recipe& recipe, const EvaluateOptions& options, const Progress& progress,
                          const std::function<void(const Outcome&)>& onOutcome) const {
  const Clock::time_point start = Clock::now();
  const std::string name = fingerprint(recipe);
  Measured measured = m_state->memo.find(name);
  Outcome& outcome = measured.outcome;
  outcome.recipe = recipe;
  outcome.final = false;
  outcome.remembered = outcome.quality ? outcome.quality->samples : 0;
  const auto tell = [&] {
    outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (onOutcome) onOutcome(outcome);
  };
  if (!std::exchange(measured.footprint, true)) outcome.footprint = m_state->footprint(recipe, progress);
  tell();
  std::optional<RunnableCut> made;
  const auto cut = [&]() -> const RunnableCut& {
    return made ? *made : made.emplace(m_state->prepare(recipe, progress));
  };
  const bool samples = data() != nullptr && data()->size() > 0;
  // The next edit may be of a layer below: it starts from what this recipe computes above it.
  if (samples && outcome.remembered > 0 && options.keepActivations) m_state->warm(cut(), progress);
  // A slider that moves leaves one cut after another behind: of most samples nothing of them is worth its
  // memory, and writing it would cost more than computing it.
  const Keep keep = options.keepActivations ? Keep::Recurring : Keep::Nothing;
  if (!measured.quality)
    m_state->measureQuality(cut(), samples ? data()->size() : 0, keep, measured, progress, [&] {
      m_state->memo.store(name, measured);
      tell();
    });
  progress.check();
  if (options.latency && !std::exchange(measured.latency, true))
    m_state->measureLatency(cut(), outcome, progress);
  if (options.forms && !std::exchange(measured.forms, true))
    outcome.footprint.forms = m_state->meter.forms(cut().model, workers(), progress);
  if (samples) m_state->addReliability(measured, progress);
  if (options.saliency && samples && !std::exchange(measured.saliency, true))
    outcome.drift = m_state->driftOf(cut(), progress);
  if (options.attacked && samples && !std::exchange(measured.attacked, true))
    outcome.attacked = m_state->attackedAccuracyOf(cut().model, progress);
  requireUnchangedFiles();
  outcome.final = true;
  m_state->memo.store(name, measured);
  tell();
  return outcome;
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
  if (!std::exchange(measured.footprint, true)) outcome.footprint = m_state->footprint(recipe, progress);
  m_state->measureQuality(cut, samples, Keep::Nothing, measured, {progress.stop, {}},
                          [&] { m_state->memo.store(name, measured); });
}

}  // namespace lapidary::core
