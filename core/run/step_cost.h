// SPDX-License-Identifier: GPL-3.0-or-later
// Measures what the steps of a schedule cost: operations, bytes, seconds, and the memory that is alive.
#pragma once

#include "core/run/graph_run.h"
#include "core/run/stage_plan.h"

namespace lapidary::core {

/// The rates at which table costs become seconds: those of one core of the kind that is common today. A
/// measurement corrects them.
struct AssumedRates {
  double flopsPerSecond = 5e10;
  double bytesPerSecond = 1e10;
  double secondsPerStep = 1e-6;
};

/// Costs by the operators' rules for one batch, without measured times. Runs the batch once.
std::vector<StepCost> tableCosts(GraphPlan& plan, const Model& model, std::span<const Tensor> inputs,
                                 std::stop_token stop, const AssumedRates& rates = {});

struct TimedRuns {
  std::vector<double> stepSeconds;  ///< medians
  double runSeconds = 0;            ///< mean of whole runs: what lies between the steps counts too
  /// The steps' seconds, scaled to add up to a whole run.
  std::vector<double> corrected() const;
};

/// Times runs on the calling thread, split or not, after one that warms up: `repeats` of them, and more
/// until `seconds` are over.
TimedRuns timeRuns(GraphPlan& plan, const Model& model, std::span<const Tensor> inputs, int repeats,
                   double seconds, std::stop_token stop, const SplitOptions& split = {});

/// The steps that a run with these options splits, with what `costs` (measured with all of the workers
/// busy) foretells; whole and split seconds are not measured yet.
std::vector<SplitCost> foretoldSplits(GraphPlan& plan, const Model& model, std::span<const StepCost> costs,
                                      const SplitOptions& split);

}  // namespace lapidary::core
