// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation with the graph shared over ranks: every rank one stage of the models.
#include <cstring>
#include <map>
#include <thread>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/quality/gathered_outcome.h"
#include "core/run/pipeline.h"
#include "core/run/stage_runner.h"
#include "core/session/shared_outcome.h"

namespace lapidary::core {
namespace {

/// Between two looks for messages; small beside a batch, long enough to leave the processor to others.
constexpr std::chrono::microseconds pause{100};

/// From one rank to the next: what it is a batch of, with the values that are alive.
struct Handover {
  std::uint64_t chunk = 0, model = 0, begin = 0, end = 0;
};

std::vector<std::byte> messageOf(const Handover& handover, std::span<const std::byte> values) {
  std::vector<std::byte> bytes(sizeof handover + values.size());
  std::memcpy(bytes.data(), &handover, sizeof handover);
  if (!values.empty()) std::memcpy(bytes.data() + sizeof handover, values.data(), values.size());
  return bytes;
}

[[noreturn]] void unexpected(unsigned rank) {
  throw Error(ErrorKind::InvalidInput, "rank " + std::to_string(rank) +
                                           " sent what nobody asked for: do all ranks run the same command "
                                           "on the same files?");
}

Handover handoverOf(const RankMessage& message, std::span<const std::byte>& values) {
  Handover handover;
  if (message.bytes.size() < sizeof handover) unexpected(message.from);
  std::memcpy(&handover, message.bytes.data(), sizeof handover);
  values = std::span(message.bytes).subspan(sizeof handover);
  return handover;
}

RankMessage await(Ranks& ranks, const Progress& progress) {
  for (;;) {
    progress.check();
    if (auto message = ranks.receive()) return std::move(*message);
    std::this_thread::sleep_for(pause);
  }
}

/// The steps at which the stages begin: measured by rank 0, told to the others.
std::vector<std::uint64_t> agreedBounds(Ranks& ranks, const Model& model, std::span<const Tensor> inputs,
                                        const Progress& progress) {
  if (ranks.rank() > 0) {
    const RankMessage message = await(ranks, progress);
    std::vector<std::uint64_t> bounds(message.bytes.size() / sizeof(std::uint64_t));
    if (message.from != 0 || bounds.size() != ranks.count() + 1) unexpected(message.from);
    std::memcpy(bounds.data(), message.bytes.data(), bounds.size() * sizeof(std::uint64_t));
    return bounds;
  }
  MeasureOptions options;
  options.repeats = 3;
  options.stop = progress.stop;
  const auto costs = Pipeline(model).measure(model, inputs, options);
  if (costs.size() < ranks.count())
    throw Error(ErrorKind::Usage, "the model has " + std::to_string(costs.size()) +
                                      " steps, too few for a stage on each of " +
                                      std::to_string(ranks.count()) + " ranks");
  StageRequest request;
  request.stages = request.processors = ranks.count();
  request.link = {2e-5, 5e9};  // of messages within a machine
  std::vector<std::uint64_t> bounds;
  for (const Stage& stage : planStages(costs, request).stages) bounds.push_back(stage.firstStep);
  bounds.push_back(costs.size());
  for (unsigned rank = 1; rank < ranks.count(); ++rank) ranks.send(rank, std::as_bytes(std::span(bounds)));
  return bounds;
}

/// A model that is evaluated, and this rank's stage of it.
struct StagedModel {
  const Model& model;
  BatchRunner batches;  ///< for the grid and the inputs alone
  std::unique_ptr<StageRunner> stage;
  std::map<std::size_t, std::vector<Tensor>> outputs;  ///< on the last rank: by the first sample fed
};

/// The work of one rank.
class StagedEvaluation {
 public:
  StagedEvaluation(Ranks& ranks, std::vector<std::unique_ptr<StagedModel>>& models,
                   SharedEvaluation& evaluation, const std::vector<SampleRange>& chunks,
                   GatheredOutcome& gathered, const Progress& progress)
      : m_ranks(ranks),
        m_models(models),
        m_evaluation(evaluation),
        m_chunks(chunks),
        m_gathered(gathered),
        m_progress(progress) {}

  void run() { m_ranks.rank() == 0 ? lead() : follow(); }

 private:
  bool isLast() const { return m_ranks.rank() + 1 == m_ranks.count(); }

  /// Feeds as many chunks as keep all stages busy, and gathers what comes back.
  void lead() {
    const std::size_t ahead = 2 * m_ranks.count();
    std::size_t fed = 0;
    while (!m_gathered.complete()) {
      m_progress.check();
      if (const auto message = m_ranks.receive())
        gather(*message);
      else if (fed < m_chunks.size() && fed < m_done + ahead)
        feed(fed++);
      else
        std::this_thread::sleep_for(pause);
    }
  }

  void feed(std::size_t chunk) {
    for (std::size_t m = 0; m < m_models.size(); ++m)
      for (const SampleRange part : m_models[m]->batches.feeds(m_chunks[chunk]))
        pass({chunk, m, part.begin, part.end}, packTensors(m_models[m]->batches.inputsOf(part)));
  }

  void follow() {
    std::size_t left = 0;
    for (const SampleRange chunk : m_chunks)
      for (const auto& model : m_models) left += model->batches.feeds(chunk).size();
    for (; left > 0; --left) {
      const RankMessage message = await(m_ranks, m_progress);
      std::span<const std::byte> values;
      const Handover handover = handoverOf(message, values);
      if (message.from + 1 != m_ranks.rank()) unexpected(message.from);
      pass(handover, values);
    }
  }

  /// Computes this rank's stage and hands on what it gives.
  void pass(const Handover& handover, std::span<const std::byte> values) {
    if (handover.chunk >= m_chunks.size() || handover.model >= m_models.size())
      unexpected(m_ranks.rank() - 1);
    StagedModel& staged = *m_models[handover.model];
    const auto result = staged.stage->run(staged.model, values, m_progress.stop);
    if (!isLast()) return m_ranks.send(m_ranks.rank() + 1, messageOf(handover, result));
    staged.outputs[handover.begin] = unpackTensors(result);
    const bool chunkDone =
        handover.model + 1 == m_models.size() && handover.end == m_chunks[handover.chunk].end;
    if (chunkDone) answer(handover.chunk);
  }

  /// From the outputs of all feeds of a chunk to its answers.
  void answer(std::size_t chunk) {
    auto answers = m_evaluation.compute(m_chunks[chunk], m_progress.stop);
    for (const auto& model : m_models) model->outputs.clear();
    if (m_ranks.rank() == 0) return finish(chunk, std::move(answers));
    m_ranks.send(0, messageOf({chunk, 0, 0, 0}, answers));
  }

  void gather(const RankMessage& message) {
    std::span<const std::byte> answers;
    const Handover handover = handoverOf(message, answers);
    if (handover.chunk >= m_chunks.size() || message.from + 1 != m_ranks.count()) unexpected(message.from);
    finish(handover.chunk, {answers.begin(), answers.end()});
  }

  void finish(std::size_t chunk, std::vector<std::byte> answers) {
    m_gathered.add(chunk, std::move(answers));
    m_progress.step(++m_done, m_chunks.size());
  }

  Ranks& m_ranks;
  std::vector<std::unique_ptr<StagedModel>>& m_models;
  SharedEvaluation& m_evaluation;
  const std::vector<SampleRange>& m_chunks;
  GatheredOutcome& m_gathered;
  const Progress& m_progress;
  std::size_t m_done = 0;
};

OutputsOf outputsOf(const StagedModel& staged) {
  return [&staged](SampleRange feed) {
    const auto found = staged.outputs.find(feed.begin);
    if (found == staged.outputs.end())
      throw Error(ErrorKind::InvalidInput,
                  "a batch was lost on its way through the stages: do all ranks run the same command on the "
                  "same files?");
    return found->second;
  };
}

}  // namespace

SharedOutcome Session::evaluateInStages(Ranks& ranks, const Recipe& recipe, const Progress& progress,
                                        const std::function<void(const Outcome&)>& onOutcome) const {
  m_state->requireExecutor();
  const Dataset& samples = m_state->requireData();
  const RunnableCut cut = m_state->prepare(recipe, {progress.stop, {}});
  const bool same = fingerprint(recipe) == fingerprint(Recipe{});
  const Remembering forgetting = m_state->remembering(false);
  std::vector<std::unique_ptr<StagedModel>> models;
  for (const Model* each : {&model(), &cut.model}) {
    if (each != &model() && same) continue;
    BatchRunner batches(*each, OutputsOf{}, samples, forgetting);
    const SampleRange first = batches.feeds(batches.chunks(0, samples.size()).at(0)).front();
    const auto bounds = agreedBounds(ranks, *each, batches.inputsOf(first), progress);
    auto stage = std::make_unique<StageRunner>(*each, bounds[ranks.rank()], bounds[ranks.rank() + 1]);
    models.push_back(std::unique_ptr<StagedModel>(
        new StagedModel{*each, BatchRunner(*each, OutputsOf{}, samples, forgetting), std::move(stage), {}}));
  }
  const OutputsOf before = outputsOf(*models.front()), after = outputsOf(*models.back());
  const BatchRunner runner(model(), before, samples, forgetting),
      runCut(cut.model, after, samples, forgetting);
  const Predictor predictor(model(), before, samples, forgetting),
      answersCut(cut.model, after, samples, forgetting);
  const auto evaluation = m_state->classAnswers
                              ? sharedPredictions({model(), predictor, cut.model, answersCut, same}, samples)
                              : sharedDifference({model(), runner, cut.model, runCut, same}, samples, 1);
  const auto chunks = models.front()->batches.chunks(0, samples.size());
  Outcome start;
  start.recipe = recipe;
  start.footprint = footprint(recipe);
  GatheredOutcome gathered(std::move(start), *evaluation, chunks, onOutcome);
  StagedEvaluation(ranks, models, *evaluation, chunks, gathered, progress).run();
  return sharedOutcome(*m_state, gathered, *evaluation, cut, progress);
}

}  // namespace lapidary::core
