// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/state.h"

#include <algorithm>

#include "core/analyze/answers/answer_kind.h"
#include "core/analyze/answers/class_scores.h"
#include "core/analyze/answers/predictor.h"
#include "core/calibrate/layer_inputs.h"
#include "core/run/executor.h"
#include "core/support/buffer_pool.h"
#include "core/support/parallel.h"

namespace lapidary::core {

Session::State::State(Model model, std::shared_ptr<const Dataset> samples, Options given)
    : cutter(std::move(model), sharesOf(given.memoryBytes, {}, 0, 1).cuts),
      data(std::move(samples)),
      options(given),
      memory(sharesOf(given.memoryBytes, {}, 0, 1)),
      cache(std::make_shared<ActivationCache>(memory.cache)),
      meter(cutter),
      memo(memory.outcomes) {
  if (options.workers == 0) options.workers = hardwareWorkers();
  options.firstSamples = std::max<std::size_t>(1, options.firstSamples);
  if (!original().runnable())
    obstacles.push_back("the file holds weights without a graph");
  else
    obstacles = lackingOps(original());
  if (obstacles.empty()) prepareToRun();
  const auto& samplesFrom = options.calibrationData ? options.calibrationData : data;
  cutter.calibrateWith(std::make_shared<CalibratedInputs>(
      original(), executor.get(),
      CalibratedInputs::Options{samplesFrom, options.calibrationSamples,
                                std::min<std::size_t>(8, memory.chunk), memory.workers, memory.inputs,
                                classAnswers}));
}

void Session::State::prepareToRun() {
  executor = std::make_unique<const Executor>(original(), Executor::Options{true, cache, memory.prepared});
  divideMemory();
  if (data)
    predictor =
        std::make_unique<const Predictor>(original(), *executor, *data, memory.workers, remembering(true));
  if (data && data->size() > 0) probeAnswers();
}

/// One sample, or the model's fixed batch, tells what is alive at once.
SampleMemory Session::State::probeMemory() const {
  if (!data || data->size() == 0) return {};
  const auto batch = static_cast<std::size_t>(std::max<std::int64_t>(1, fixedBatch(original())));
  try {
    const auto inputs = data->inputs(std::vector<std::size_t>(batch, data->order().front()));
    // Half as much again for what operators need while they work.
    return {executor->run(original(), inputs).peakBytes / batch * 3 / 2};
  } catch (const Error&) {
    return {};  // a model that cannot be run on the data says so when it is evaluated
  }
}

void Session::State::divideMemory() {
  if (data) data->keepAtMost(memory.samples);
  keepIdleBuffers(memory.idle);
  memory =
      sharesOf(options.memoryBytes, probeMemory(),
               static_cast<std::size_t>(std::max<std::int64_t>(0, fixedBatch(original()))), options.workers);
  cache->setBudget(memory.cache);
}

/// One small batch tells what the answers are. Throws Error(InvalidInput) for labels that are no classes.
void Session::State::probeAnswers() {
  const std::int64_t fixed = fixedBatch(original());
  const auto batch = static_cast<std::size_t>(fixed > 0 ? fixed : 2);
  std::vector<Tensor> outputs;
  try {
    const auto inputs = data->inputs(std::vector<std::size_t>(batch, data->order().front()));
    outputs = executor->run(original(), inputs).outputs;
    classAnswers = givesClassScores(inputs, outputs, original().scoresOutput, batch, data->source());
  } catch (const Error&) {
    return;  // a model that cannot be run on the data says so when it is evaluated
  }
  if (classAnswers && data->labelled())
    withContext("the labels do not fit the model", [&] {
      requireClasses(data->source(), classScores(outputs, original().scoresOutput).classes);
    });
}

const Executor& Session::State::requireExecutor() const {
  if (executor) return *executor;
  std::string reasons;
  for (const std::string& obstacle : obstacles) reasons += (reasons.empty() ? "" : "; ") + obstacle;
  throw Error(ErrorKind::Unsupported, "the model cannot be run: " + reasons);
}

const Dataset& Session::State::requireData() const {
  if (!data) throw Error(ErrorKind::Usage, "no data is open");
  return *data;
}

/// Never waits for another thread: two that need the same samples compute them twice and agree.
std::shared_ptr<const Predictions> Session::State::originalPredictions(std::size_t samples,
                                                                       const Progress& progress) {
  std::shared_ptr<const Predictions> known;
  {
    const std::lock_guard lock(m_mutex);
    known = m_originalPredictions;
  }
  if (known && known->samples.size() >= predictor->aligned(samples)) return known;
  auto longer = std::make_shared<Predictions>(known ? *known : Predictions{});
  predictor->extend(original(), samples, *longer, {progress.stop, {}});
  const std::lock_guard lock(m_mutex);
  if (!m_originalPredictions || m_originalPredictions->samples.size() < longer->samples.size())
    m_originalPredictions = longer;
  return longer;
}

std::shared_ptr<const Predictions> Session::State::predictionsOf(const Recipe& recipe,
                                                                 const Progress& progress) {
  requireExecutor();
  if (!classAnswers)
    throw Error(ErrorKind::Unsupported,
                "the model's outputs are not scores of classes: no sample is right or wrong");
  const std::size_t all = requireData().size();
  if (const auto known = memo.find(fingerprint(recipe)).predictions; known && known->samples.size() == all)
    return known;
  const RunnableCut cut = prepare(recipe, progress);
  auto predictions = std::make_shared<Predictions>();
  cut.predictor->extend(cut.model, all, *predictions, progress);
  return predictions;
}

}  // namespace lapidary::core
