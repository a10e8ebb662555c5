// Evaluation shared over ranks, and the plan of a model's parallel runs.
#include <algorithm>
#include <chrono>
#include <map>

#include "core/analyze/shared_evaluation.h"
#include "core/session_state.h"

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

/// Puts parts that come in any order together in theirs. Whether the prefix grew.
class InOrder {
 public:
  InOrder(SharedEvaluation& evaluation, const std::vector<SampleRange>& parts)
      : m_evaluation(evaluation), m_parts(parts) {}

  bool add(std::size_t part, std::vector<std::byte> answers) {
    m_waiting.emplace(part, std::move(answers));
    const std::size_t before = m_next;
    for (auto it = m_waiting.find(m_next); it != m_waiting.end(); it = m_waiting.find(m_next)) {
      m_evaluation.append(m_parts[m_next++], it->second);
      m_waiting.erase(it);
    }
    return m_next > before;
  }

  bool complete() const { return m_next == m_parts.size(); }

 private:
  SharedEvaluation& m_evaluation;
  const std::vector<SampleRange>& m_parts;
  std::size_t m_next = 0;
  std::map<std::size_t, std::vector<std::byte>> m_waiting;
};

}  // namespace

Outcome Session::evaluateOver(Ranks& ranks, const Recipe& recipe, const Progress& progress,
                              const std::function<void(const Outcome&)>& onOutcome) const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  Clock::time_point nextQuality = start;
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
  InOrder inOrder(*evaluation, parts);
  Outcome outcome;
  outcome.recipe = recipe;
  outcome.footprint = footprint(recipe);
  RankWork work;
  work.items = parts.size();
  work.compute = [&](std::size_t part) { return evaluation->compute(parts[part], progress.stop); };
  work.done = [&](std::size_t part, std::vector<std::byte> answers) {
    if (!inOrder.add(part, std::move(answers))) return;
    const Clock::time_point now = Clock::now();
    if (!inOrder.complete() && now < nextQuality) return;
    outcome.quality = evaluation->quality();
    // The figures are taken over all samples anew: they may cost the leader a twentieth of its time.
    nextQuality = Clock::now() + 20 * (Clock::now() - now);
    outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    outcome.final = outcome.quality->samples == samples.size();
    if (onOutcome) onOutcome(outcome);
  };
  shareOverRanks(ranks, work, progress);
  return outcome;
}

ParallelFigures Session::plan(const Recipe& recipe, const ParallelRequest& request,
                              const Progress& progress) const {
  m_state->requireExecutor();
  const RunnableCut cut = m_state->prepare(recipe, {progress.stop, {}});
  return parallelFigures(cut.model, *cut.executor, data(), request, progress);
}

}  // namespace lapidary::core
