// SPDX-License-Identifier: GPL-3.0-or-later
// The state that a session holds and remembers; shared by the files that make up the session.
#pragma once

#include <mutex>
#include <utility>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/answers/predictor.h"
#include "core/analyze/sizes/footprint.h"
#include "core/compress/quantize/quantize_activations.h"
#include "core/run/executor.h"
#include "core/session/memo.h"
#include "core/session/memory.h"
#include "core/session/session.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// The executor of one rewritten graph. The graph holds the scales and zero points of its activations.
struct GraphRunner {
  /// The graph that the cutter gave, and the inputs that were rewritten in it, with their codes.
  using Key = std::pair<std::shared_ptr<const Graph>, std::vector<QuantizedInput>>;

  std::shared_ptr<const Graph> base;  ///< of the key
  std::shared_ptr<const Graph> graph;
  std::unique_ptr<const Executor> executor;
  std::unique_ptr<const Predictor> predictor;
};

/// A cut model and what runs its graph.
struct RunnableCut {
  Model model;
  const Executor* executor = nullptr;    ///< null where the model cannot run
  const Predictor* predictor = nullptr;  ///< null without data or executor
  std::shared_ptr<const GraphRunner> keep = nullptr;

  Runnable runnable() const { return {model, *executor}; }
};

/// The same graph and the very same weights: nothing has to be run to compare them.
bool sameWeights(const Model& a, const Model& b);

struct Session::State {
  State(Model model, std::shared_ptr<const Dataset> samples, Options given);

  const Model& original() const { return cutter.original(); }
  Remembering remembering(bool on, Keep keep = Keep::Everything) const {
    return {on, on ? options.firstSamples : 0, memory.chunk, keep};
  }
  bool canRun() const { return executor != nullptr; }
  /// Throws Error(Unsupported) with the obstacles where the model cannot run.
  const Executor& requireExecutor() const;
  const Dataset& requireData() const;
  Runnable originalRunnable() const { return {original(), requireExecutor()}; }

  /// Gives what the recipe makes of weights and graph. Calibrates where a static range is not known yet, and
  /// tells of it on `progress`. Graphs of other channels and activations are kept, the least recently used
  /// goes first.
  RunnableCut prepare(const Recipe& recipe, const Progress& progress);
  std::shared_ptr<const Calibration> calibration(const Progress& progress);
  /// Of the model that the recipe equalises, where it does.
  std::shared_ptr<const Calibration> calibrationFor(const Recipe& recipe, const Progress& progress);
  /// The cut weights. Runs calibration samples where methods need what was not learnt yet, and tells of it on
  /// `progress`.
  Model cutModel(const Recipe& recipe, const Progress& progress);
  Footprint footprint(const Recipe& recipe, const Progress& progress);

  /// The original's answers to at least this many samples of the order (rounded up to the grid).
  std::shared_ptr<const Predictions> originalPredictions(std::size_t samples, const Progress& progress);
  /// The cut's answers to all samples, from memory where they are known.
  std::shared_ptr<const Predictions> predictionsOf(const Recipe& recipe, const Progress& progress);
  /// By Options::drift; nothing without data or where the method does not fit the model.
  std::optional<SaliencyDrift> driftOf(const RunnableCut& cut, const Progress& progress);
  /// Nothing without labels, or where the model has no gradient or reads tokens.
  std::optional<AttackedAccuracy> attackedAccuracyOf(const Model& cut, const Progress& progress) const;
  /// How far the original's probabilities can be believed; computed once, from its answers to all samples.
  Reliability originalReliability(const Predictions& answers);
  /// Of outputs that are not scores of classes.
  void measureDifference(const RunnableCut& cut, std::size_t samples, Keep keep, Measured& measured,
                         const Progress& progress, const std::function<void()>& tell);
  /// Has the activations of the front remembered, as if its quality had just been measured.
  void warm(const RunnableCut& cut, const Progress& progress);
  /// Goes on from what is measured, to at least so many samples; `keep`: of the cut's activations.
  void measureQuality(const RunnableCut& cut, std::size_t samples, Keep keep, Measured& measured,
                      const Progress& progress, const std::function<void()>& tell);
  /// For timing: samples of the data, else noise; nothing where the shape of an input is not known.
  std::optional<std::vector<Tensor>> timingInputs(std::size_t samples) const;
  void measureLatency(const RunnableCut& cut, Outcome& outcome, const Progress& progress) const;

  Cutter cutter;
  std::shared_ptr<const Dataset> data;
  Options options;
  MemoryShares memory;
  std::vector<std::string> obstacles;
  std::shared_ptr<ActivationCache> cache;
  std::unique_ptr<const Executor> executor;    ///< null where there are obstacles
  std::unique_ptr<const Predictor> predictor;  ///< null without data or executor
  /// Whether the answers to the data are scores of classes; true where that is not known.
  bool classAnswers = true;
  FootprintMeter meter;
  OutcomeMemo memo;

 private:
  std::shared_ptr<const std::vector<SaliencyMap>> originalMaps(SaliencyMethod method,
                                                               const Progress& progress);
  void prepareToRun();
  void probeAnswers();
  SampleMemory probeMemory() const;
  void divideMemory();
  std::shared_ptr<const GraphRunner> runnerFor(const std::shared_ptr<const Graph>& base,
                                               const std::vector<QuantizedInput>& inputs, const Model& made);

  std::mutex m_mutex;
  std::once_flag m_inputsOnce;
  std::shared_ptr<const Predictions> m_originalPredictions;
  std::shared_ptr<const std::vector<SaliencyMap>> m_originalMaps;  ///< of the samples that drift is seen on
  std::optional<Reliability> m_originalReliability;
  bool m_noSaliency = false;
  std::shared_ptr<const Calibration> m_calibration;
  std::shared_ptr<const Cutter> m_changed;  ///< the equalised model that the next is of
  std::shared_ptr<const Calibration> m_changedCalibration;
  RecentMap<GraphRunner::Key, std::shared_ptr<const GraphRunner>> m_runners{{.entries = 8}};
};

}  // namespace lapidary::core
