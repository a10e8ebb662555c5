// SPDX-License-Identifier: GPL-3.0-or-later
// Model parallel: runs a model as stages, each on a thread of its own, with batches in between.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/run/executor.h"
#include "core/run/split_options.h"
#include "core/run/stage_plan.h"

namespace lapidary::core {

struct MeasureOptions {
  int repeats = 5;    ///< 0: table costs alone, from one run that finds the shapes
  unsigned busy = 1;  ///< threads that run the model at the same time, as stages will
  std::stop_token stop = {};
  double seconds = 0;  ///< at least as long, where the repeats end sooner
};

struct PipelineFeed {
  /// Gives the next batch in graph order, or nothing at the end; called on the first stage's thread.
  std::function<std::optional<std::vector<Tensor>>()> next;
  /// Takes the outputs of the batches in their order; called on the last stage's thread.
  std::function<void(std::size_t batch, std::vector<Tensor> outputs)> done;
};

/// The time that a run of the pipeline took.
struct PipelineTimes {
  std::size_t batches = 0;
  double seconds = 0;
  std::vector<double> busy;  ///< by stage: seconds spent computing
};

/// Thread-safe. Every batch runs the same steps as in Executor::run, one stage after another, so its
/// results are the same to the last bit for any cut.
class Pipeline {
 public:
  /// Throws Error(Unsupported) naming every operator that is lacking.
  explicit Pipeline(const Model& model);
  ~Pipeline();

  /// The steps' costs for a batch like `inputs`, on the calling thread (and `busy` - 1 others). Measured
  /// times add up to that of a whole run. Throws Cancelled.
  std::vector<StepCost> measure(const Model& model, std::span<const Tensor> inputs,
                                const MeasureOptions& options = {}) const;

  /// The steps that are worth splitting among `split.workers`: whole, foretold and measured in parts.
  /// `costs` were measured with as many threads busy.
  std::vector<SplitCost> measureSplits(const Model& model, std::span<const Tensor> inputs,
                                       std::span<const StepCost> costs, const SplitOptions& split,
                                       const MeasureOptions& options = {}) const;

  /// Runs all batches through stages that begin with the steps of `stages`; at most `queued` batches wait
  /// before each. Throws Cancelled where `stop` asked for it, and what a stage or the feed threw first; all
  /// threads have ended then.
  PipelineTimes run(const Model& model, std::span<const Stage> stages, const PipelineFeed& feed,
                    std::size_t queued = 2, std::stop_token stop = {}) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> m_plan;
};

}  // namespace lapidary::core
