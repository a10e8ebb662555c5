// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes that change the graph or quantize activations: an executor for every rewritten graph, and
// calibration once.
#include <algorithm>

#include "core/analyze/answers/predictor.h"
#include "core/calibrate/calibrate.h"
#include "core/compress/cut/ranking.h"
#include "core/run/executor.h"
#include "core/session/state.h"

namespace lapidary::core {

/// Two threads that need it at once compute it twice and agree.
std::shared_ptr<const Calibration> Session::State::calibration(const Progress& progress) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_calibration) return m_calibration;
  }
  const auto& from = options.calibrationData ? options.calibrationData : data;
  if (!from || from->size() == 0 || options.calibrationSamples == 0)
    throw Error(ErrorKind::Usage,
                "static ranges of activations come from samples: open data, or quantize dynamically");
  auto made = std::make_shared<const Calibration>(
      calibrate(original(), requireExecutor(), *from, options.calibrationSamples, options.workers, progress));
  const std::lock_guard lock(m_mutex);
  if (!m_calibration) m_calibration = made;
  return m_calibration;
}

/// Equalised layers, and those behind repaired ones, read other values than the original's.
std::shared_ptr<const Calibration> Session::State::calibrationFor(const Recipe& recipe,
                                                                  const Progress& progress) {
  const auto changed = (recipe.equalize ? cutter.reduce(recipe, progress) : cutter.rebased(recipe)).cutter;
  if (!changed) return calibration(progress);
  {
    const std::lock_guard lock(m_mutex);
    if (m_changed == changed) return m_changedCalibration;
  }
  calibration(progress);  // says what is missing
  const Model& model = changed->original();
  std::unique_ptr<const Executor> own;
  if (model.graph != original().graph) own = std::make_unique<const Executor>(model, Executor::Options{});
  const auto& from = options.calibrationData ? options.calibrationData : data;
  auto made = std::make_shared<const Calibration>(calibrate(
      model, own ? *own : requireExecutor(), *from, options.calibrationSamples, options.workers, progress));
  const std::lock_guard lock(m_mutex);
  m_changed = changed;
  return m_changedCalibration = made;
}

Model Session::State::cutModel(const Recipe& recipe, const Progress& progress) {
  if (learnsFromSamples(recipe))
    std::call_once(m_inputsOnce,
                   [&] { cache->setBudget(memory.cache - std::min(memory.cache, memory.inputs)); });
  return cutter.apply(recipe, {progress.stop, {}}, progress.onStep);
}

Footprint Session::State::footprint(const Recipe& recipe, const Progress& progress) {
  cutModel(recipe, progress);
  return meter.measure(recipe, progress);
}

RunnableCut Session::State::prepare(const Recipe& recipe, const Progress& progress) {
  Model cut = cutModel(recipe, progress);
  std::vector<QuantizedInput> inputs = quantizedInputs(cut, recipe);
  if (inputs.empty() && cut.graph == original().graph)
    return {std::move(cut), executor.get(), predictor.get()};
  for (QuantizedInput& input : inputs)
    if (input.mode == ActivationMode::Static) {
      const RangeMethod method = recipe.editOf(cut.layer(input.layer).name).activations.range;
      input.codes = codesFor(calibrationFor(recipe, progress)->of(input.layer)->range(method));
    }
  Model made = quantizeActivations(cut, inputs);
  if (!canRun()) return {std::move(made)};
  const auto runner = runnerFor(cut.graph, inputs, made);
  // The same graph with the same constants: what was computed with them is found again.
  made.graph = runner->graph;
  for (const auto& [value, tensor] : runner->graph->initializers)
    if (value.index >= runner->base->values.size()) made.weights[value] = tensor;
  return {std::move(made), runner->executor.get(), runner->predictor.get(), runner};
}

std::shared_ptr<const GraphRunner> Session::State::runnerFor(const std::shared_ptr<const Graph>& base,
                                                             const std::vector<QuantizedInput>& inputs,
                                                             const Model& made) {
  const GraphRunner::Key key(base, inputs);
  {
    const std::lock_guard lock(m_mutex);
    if (const auto* known = m_runners.find(key)) return *known;
  }
  auto runner = std::make_shared<GraphRunner>();
  runner->base = base;
  runner->graph = made.graph;
  runner->executor = std::make_unique<const Executor>(made, Executor::Options{true, cache, memory.prepared});
  if (data)
    runner->predictor =
        std::make_unique<const Predictor>(made, *runner->executor, *data, memory.workers, remembering(true));
  const std::lock_guard lock(m_mutex);
  return m_runners.putNew(key, std::move(runner));
}

}  // namespace lapidary::core
