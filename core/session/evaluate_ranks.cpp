// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation shared over ranks, and the plan of a model's parallel runs.
#include <algorithm>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/gathered_outcome.h"
#include "core/session/shared_outcome.h"

namespace lapidary::core {
namespace {

/// Parts of a dataset that ranks take in turn: several for each rank, so that the slower ones take fewer.
/// The same on every rank.
std::vector<SampleRange> partsOf(std::size_t samples, std::size_t chunk, unsigned ranks) {
  constexpr std::size_t partsPerRank = 16, mostChunks = 32;
  const std::size_t chunks = (samples + chunk - 1) / chunk;
  const std::size_t each = std::clamp<std::size_t>(chunks / (partsPerRank * ranks), 1, mostChunks) * chunk;
  std::vector<SampleRange> parts;
  for (std::size_t at = 0; at < samples; at += each) parts.push_back({at, std::min(samples, at + each)});
  return parts;
}

}  // namespace

SharedOutcome Session::evaluateOver(Ranks& ranks, const Recipe& recipe, const Progress& progress,
                                    const std::function<void(const Outcome&)>& onOutcome) const {
  const Executor& executor = m_state->requireExecutor();
  const Dataset& samples = m_state->requireData();
  const RunnableCut cut = m_state->prepare(recipe, {progress.stop, {}});
  const bool same = fingerprint(recipe) == fingerprint(Recipe{});
  const Remembering forgetting = m_state->remembering(false);
  const unsigned runners = m_state->memory.workers;
  const BatchRunner runner(model(), executor, samples, forgetting);
  const BatchRunner runCut(cut.model, *cut.executor, samples, forgetting);
  const Predictor predictor(model(), executor, samples, runners, forgetting);
  const Predictor answersCut(cut.model, *cut.executor, samples, runners, forgetting);
  const auto evaluation =
      m_state->classAnswers
          ? sharedPredictions({model(), predictor, cut.model, answersCut, same}, samples)
          : sharedDifference({model(), runner, cut.model, runCut, same}, samples, workers());
  const auto parts = partsOf(samples.size(), evaluation->chunkSize(), ranks.count());
  Outcome begun;
  begun.recipe = recipe;
  begun.footprint = footprint(recipe);
  GatheredOutcome gathered(std::move(begun), *evaluation, parts, onOutcome);
  RankWork work;
  work.items = parts.size();
  work.compute = [&](std::size_t part) { return evaluation->compute(parts[part], progress.stop); };
  work.done = [&](std::size_t part, std::vector<std::byte> answers) {
    gathered.add(part, std::move(answers));
  };
  shareOverRanks(ranks, work, progress);
  return sharedOutcome(*m_state, gathered, *evaluation, cut, progress);
}

ParallelFigures Session::plan(const Recipe& recipe, const ParallelRequest& request,
                              const Progress& progress) const {
  m_state->requireExecutor();
  const RunnableCut cut = m_state->prepare(recipe, {progress.stop, {}});
  return parallelFigures(cut.model, *cut.executor, data(), request, progress);
}

}  // namespace lapidary::core
