// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/step_cost.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "core/support/clock.h"

namespace lapidary::core {
namespace {

/// The activations that are alive between the steps of a schedule, and how large they are.
class LiveBytes {
 public:
  LiveBytes(const Schedule& schedule, std::size_t values)
      : m_schedule(schedule), m_bytes(values), m_lastRead(values) {
    for (std::size_t i = 0; i < schedule.steps.size(); ++i)
      for (const ValueId id : schedule.steps[i].reads) m_lastRead[id.index] = i + 1;
    for (const ValueId id : schedule.results) m_lastRead[id.index] = schedule.steps.size() + 1;
  }

  void found(ValueId id, std::size_t bytes) { m_bytes[id.index] = bytes; }

  /// Bytes by step: alive before it, and while it runs.
  void fill(const Graph& graph, std::vector<StepCost>& costs) const {
    std::size_t alive = 0;
    for (const ValueId id : graph.inputs)
      if (!m_schedule.constant[id.index] && m_lastRead[id.index] > 0) alive += m_bytes[id.index];
    for (std::size_t i = 0; i < costs.size(); ++i) {
      const Step& step = m_schedule.steps[i];
      costs[i].entering = costs[i].held = alive;
      for (const ValueId id : step.outputs) {
        if (!id.valid() || m_schedule.constant[id.index]) continue;
        costs[i].held += m_bytes[id.index];
        if (m_lastRead[id.index] > i + 1) alive += m_bytes[id.index];
      }
      for (const ValueId id : step.reads)
        if (m_lastRead[id.index] == i + 1) alive -= m_bytes[id.index];
    }
  }

 private:
  const Schedule& m_schedule;
  std::vector<std::size_t> m_bytes;     ///< by value
  std::vector<std::size_t> m_lastRead;  ///< by value: one more than the last step that reads it, 0 for none
};

std::vector<StepWeight> weightsOf(const Step& step, const Schedule& schedule,
                                  const FoldedConstants& constants) {
  std::vector<StepWeight> weights;
  for (const ValueId id : step.named)
    if (schedule.constant[id.index]) weights.push_back({id, constants.values[id.index].bytes().size()});
  return weights;
}

/// A run of the batch that tells of every step.
struct CostRun {
  CostRun(GraphPlan& plan, const Model& model, std::span<const Tensor> inputs)
      : schedule(plan.scheduleFor(model, {})),
        constants(plan.fold(model, *schedule)),
        run(plan, schedule, constants) {
    run.feed(inputs);
  }

  std::shared_ptr<const Schedule> schedule;
  std::shared_ptr<const FoldedConstants> constants;
  GraphRun run;
};

}  // namespace

std::vector<StepCost> tableCosts(GraphPlan& plan, const Model& model, std::span<const Tensor> inputs,
                                 std::stop_token stop, const AssumedRates& rates) {
  CostRun costRun(plan, model, inputs);
  const Schedule& schedule = *costRun.schedule;
  GraphRun& run = costRun.run;
  LiveBytes live(schedule, schedule.graph->values.size());
  for (const ValueId id : schedule.graph->inputs) live.found(id, run.value(id).byteSize());
  std::vector<StepCost> costs;
  double inner = 0;
  run.execute(
      {stop, nullptr, &inner, Retention::Passing, {}},
      [&](std::size_t i, std::span<const Activation> outputs, double) {
        const Step& step = schedule.steps[i];
        StepCost cost;
        cost.node = step.head;
        cost.flops = step.hasSubgraphs ? inner : flopsOf(*schedule.graph, step, run.valueOf(), outputs);
        inner = 0;
        cost.weights = weightsOf(step, schedule, *costRun.constants);
        for (const StepWeight& weight : cost.weights) cost.bytes += static_cast<double>(weight.bytes);
        for (const ValueId id : step.reads) cost.bytes += static_cast<double>(run.value(id).byteSize());
        for (std::size_t k = 0; k < outputs.size() && k < step.outputs.size(); ++k) {
          cost.bytes += static_cast<double>(outputs[k].byteSize());
          if (step.outputs[k].valid()) live.found(step.outputs[k], outputs[k].byteSize());
        }
        cost.tableSeconds = std::max(cost.flops / rates.flopsPerSecond, cost.bytes / rates.bytesPerSecond) +
                            rates.secondsPerStep;
        costs.push_back(std::move(cost));
      });
  live.fill(*schedule.graph, costs);
  return costs;
}

namespace {

double medianOf(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

std::vector<double> TimedRuns::corrected() const {
  const double sum = std::accumulate(stepSeconds.begin(), stepSeconds.end(), 0.0);
  std::vector<double> seconds = stepSeconds;
  if (sum > 0)
    for (double& step : seconds) step *= runSeconds / sum;
  return seconds;
}

TimedRuns timeRuns(GraphPlan& plan, const Model& model, std::span<const Tensor> inputs, int repeats,
                   double seconds, std::stop_token stop, const SplitOptions& split) {
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  std::vector<std::vector<double>> times;
  const auto run = [&] {
    CostRun costRun(plan, model, inputs);
    times.resize(costRun.schedule->steps.size());
    costRun.run.execute(
        {stop, nullptr, nullptr, Retention::Passing, split},
        [&](std::size_t i, std::span<const Activation>, double step) { times[i].push_back(step); });
    costRun.run.outputs();
  };
  run();
  for (auto& step : times) step.clear();
  const auto start = Clock::now();
  int runs = 0;
  for (; runs < repeats || since(start) < seconds; ++runs) run();
  TimedRuns timed;
  timed.runSeconds = runs > 0 ? since(start) / runs : 0;
  for (auto& step : times) timed.stepSeconds.push_back(medianOf(step));
  return timed;
}

std::vector<SplitCost> foretoldSplits(GraphPlan& plan, const Model& model, std::span<const StepCost> costs,
                                      const SplitOptions& options) {
  constexpr double wakeSeconds = 2e-5;  // until a sleeping thread has its part
  const auto schedule = plan.scheduleFor(model, {});
  const auto constants = plan.fold(model, *schedule);
  std::vector<SplitCost> splits;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (costs[i].flops < options.leastFlops) continue;
    const auto split = ChannelSplit::of(*schedule->graph, schedule->steps[i], constants->fusions[i],
                                        constants->values, options.workers);
    if (!split) continue;
    SplitCost cost;
    cost.step = i;
    cost.node = costs[i].node;
    cost.channels = split->channels();
    cost.parts = split->parts();
    const auto copied = static_cast<double>(costs[i].held - costs[i].entering);
    cost.predictedSeconds =
        costs[i].seconds() * split->largestShare() + wakeSeconds + 2 * copied / AssumedRates().bytesPerSecond;
    splits.push_back(cost);
  }
  return splits;
}

}  // namespace lapidary::core
