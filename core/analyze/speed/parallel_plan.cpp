// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/speed/parallel_plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "core/analyze/trials/noise.h"
#include "core/run/executor.h"
#include "core/run/pipeline.h"
#include "core/support/clock.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

std::vector<Tensor> inputsFor(const Model& model, const Dataset* data, std::int64_t batch) {
  if (data != nullptr && data->size() > 0) {
    std::vector<std::size_t> samples;
    for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i)
      samples.push_back(data->order()[i % data->size()]);
    return data->inputs(samples);
  }
  auto noise = noiseInputs(model, batch);
  if (!noise)
    throw Error(ErrorKind::Unsupported,
                "the shapes of the model's inputs are not known: give data to run it on");
  return *noise;
}

double sumOf(std::span<const StepCost> costs) {
  return std::accumulate(costs.begin(), costs.end(), 0.0,
                         [](double sum, const StepCost& cost) { return sum + cost.seconds(); });
}

/// Costs and what is foretold from them are measured in turn, so that both meet the machine in the same
/// state.
constexpr int rounds = 4, leastRepeats = 2;

/// The costs of the rounds so far.
class CostRounds {
 public:
  void add(std::vector<StepCost> costs) { m_rounds.push_back(std::move(costs)); }
  const std::vector<StepCost>& last() const { return m_rounds.back(); }
  std::vector<StepCost> mean() const {
    std::vector<StepCost> mean = m_rounds.front();
    for (std::size_t i = 0; i < mean.size(); ++i) {
      double sum = 0;
      for (const auto& round : m_rounds) sum += round[i].seconds();
      mean[i].measuredSeconds = sum / static_cast<double>(m_rounds.size());
    }
    return mean;
  }

 private:
  std::vector<std::vector<StepCost>> m_rounds;
};

/// Measures one model's ways to run in parallel.
class Measurer {
 public:
  Measurer(const Model& model, const Executor& executor, const Dataset* data, const ParallelRequest& request,
           const Progress& progress)
      : m_model(model), m_executor(executor), m_request(request), m_progress(progress), m_pipeline(model) {
    if (const std::int64_t fixed = fixedBatch(model); fixed > 0) m_request.batch = fixed;
    m_request.batch = std::max<std::int64_t>(1, m_request.batch);
    m_figures.batch = m_request.batch;
    m_figures.processors = hardwareWorkers();
    if (m_request.workers == 0) m_request.workers = m_figures.processors;
    if (m_request.parts == 0) m_request.parts = m_request.workers;
    m_inputs = inputsFor(model, data, m_request.batch);
  }

  ParallelFigures measure() {
    std::vector<unsigned> counts;
    for (unsigned count = 1; count < m_request.workers; count *= 2) counts.push_back(count);
    counts.push_back(m_request.workers);
    m_parts = static_cast<std::size_t>(rounds) * (counts.size() + 1) + 1;
    for (const unsigned count : counts) m_figures.workers.push_back(workersFigures(count));
    pipeline();
    splits();
    finishPart();
    return std::move(m_figures);
  }

 private:
  void finishPart() { m_progress.step(++m_done, m_parts); }

  /// The cost of the steps while as many threads are busy, one round of it.
  std::vector<StepCost> costsWith(unsigned threads) const {
    MeasureOptions options;
    options.repeats = leastRepeats;
    options.busy = busyOf(threads);
    options.stop = m_progress.stop;
    options.seconds = m_request.seconds / rounds;
    return m_pipeline.measure(m_model, m_inputs, options);
  }

  unsigned busyOf(unsigned threads) const { return std::clamp(threads, 1u, m_figures.processors); }

  /// Threads that are not always busy slow each other less: between the costs of one alone and of all.
  std::vector<StepCost> costsBetween(std::vector<StepCost> crowded, double active) const {
    const unsigned busy = busyOf(m_request.stages);
    if (busy == 1) return crowded;
    const double crowding = std::clamp((active - 1) / (busy - 1), 0.0, 1.0);
    for (std::size_t i = 0; i < crowded.size(); ++i) {
      const double alone = m_alone.at(i).seconds();
      crowded[i].measuredSeconds = alone + crowding * (crowded[i].seconds() - alone);
    }
    return crowded;
  }

  /// How many of its stages a plan keeps busy at a time.
  static double activeStages(const StagePlan& plan) {
    double all = 0;
    for (const Stage& stage : plan.stages) all += stage.seconds;
    return plan.batchSeconds > 0 ? all / plan.batchSeconds : 1;
  }

  /// Batches of a round that takes about its part of the time asked for.
  std::size_t batchesFor(double batchSeconds, std::size_t least) const {
    const double count = m_request.seconds / rounds / std::max(batchSeconds, 1e-6);
    return static_cast<std::size_t>(std::clamp(count, static_cast<double>(least), 20000.0));
  }

  double samples(std::size_t batches) const {
    return static_cast<double>(batches) * static_cast<double>(m_request.batch);
  }

  void pipeline() {
    StageRequest request;
    request.stages = m_request.stages;
    request.processors = m_figures.processors;
    request.batch = m_request.batch;
    CostRounds costs;
    double predicted = 0, measured = 0;
    std::size_t batches = 0;
    StagePlan plan;
    for (int round = 0; round < rounds; ++round) {
      costs.add(costsWith(m_request.stages));
      const double active = activeStages(planStages(costs.mean(), request));
      const auto between = costsBetween(costs.mean(), active);
      plan = planStages(between, request);
      const std::size_t more = batchesFor(plan.batchSeconds, 2 * plan.stages.size());
      const PipelineTimes times = runPipeline(plan, request.queued, more);
      batches += more;
      measured += times.seconds;
      predicted += plan.secondsFor(more);
      m_figures.stages.clear();
      for (std::size_t k = 0; k < plan.stages.size(); ++k) {
        m_figures.stages.push_back(figuresOf(plan.stages[k], between));
        m_figures.stages.back().busy = times.busy[k] / times.seconds;
      }
      finishPart();
    }
    m_figures.predicted = samples(batches) / predicted;
    m_figures.measured = samples(batches) / measured;
  }

  PipelineTimes runPipeline(const StagePlan& plan, std::size_t queued, std::size_t batches) const {
    const PipelineFeed feed{[&]() -> std::optional<std::vector<Tensor>> {
                              return batches-- == 0 ? std::nullopt : std::optional(m_inputs);
                            },
                            [](std::size_t, std::vector<Tensor>) {}};
    return m_pipeline.run(m_model, plan.stages, feed, queued, m_progress.stop);
  }

  StageFigures figuresOf(const Stage& stage, std::span<const StepCost> costs) const {
    StageFigures figures;
    const auto steps = costs.subspan(stage.firstStep, stage.endStep - stage.firstStep);
    figures.firstNode = describe(*m_model.graph, steps.front().node);
    figures.lastNode = describe(*m_model.graph, steps.back().node);
    for (std::uint32_t i = 0; i < m_model.layers.size(); ++i)
      if (std::ranges::find(steps, m_model.layers[i].node, &StepCost::node) != steps.end())
        figures.layers.push_back(LayerId{i});
    figures.steps = steps.size();
    figures.seconds = stage.seconds;
    figures.share = stage.share;
    figures.weightBytes = stage.weightBytes;
    figures.activationBytes = stage.activationBytes;
    figures.enteringBytes = stage.enteringBytes;
    return figures;
  }

  /// Predicted from the time of one batch with as many threads busy; a last round that not all workers
  /// have a batch for counts whole.
  WorkerFigures workersFigures(unsigned count) {
    const unsigned atOnce = std::min(count, m_figures.processors);
    CostRounds costs;
    double predicted = 0, measured = 0;
    std::size_t batches = 0;
    std::vector<std::size_t> done(count);
    for (int round = 0; round < rounds; ++round) {
      costs.add(costsWith(atOnce));
      const double seconds = sumOf(costs.last());
      const std::size_t more = batchesFor(seconds / atOnce, 2u * count);
      predicted += std::ceil(static_cast<double>(more) / atOnce) * seconds;
      measured += runWorkers(more, done);
      batches += more;
      finishPart();
    }
    if (count == 1) m_alone = costs.mean();
    WorkerFigures figures;
    figures.workers = count;
    figures.predicted = samples(batches) / predicted;
    figures.measured = samples(batches) / measured;
    for (const std::size_t own : done)
      figures.share.push_back(static_cast<double>(own) / static_cast<double>(batches));
    return figures;
  }

  /// Seconds of as many workers as `done` counts the batches of.
  double runWorkers(std::size_t batches, std::vector<std::size_t>& done) const {
    RunOptions options;
    options.stop = m_progress.stop;
    const auto start = Clock::now();
    parallelFor(batches, static_cast<unsigned>(done.size()), [&](std::size_t, unsigned worker) {
      m_executor.run(m_model, m_inputs, options);
      ++done[worker];
    });
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  LayerId layerOf(NodeId node) const {
    for (std::uint32_t i = 0; i < m_model.layers.size(); ++i)
      if (m_model.layers[i].node == node) return LayerId{i};
    return {};
  }

  void splits() {
    if (m_request.parts < 2) return;
    MeasureOptions options;
    options.stop = m_progress.stop;
    SplitOptions split;
    split.workers = m_request.parts;
    for (const SplitCost& cost :
         m_pipeline.measureSplits(m_model, m_inputs, costsWith(m_request.parts), split, options))
      m_figures.splits.push_back({describe(*m_model.graph, cost.node), layerOf(cost.node), cost.channels,
                                  cost.parts, cost.wholeSeconds, cost.predictedSeconds, cost.splitSeconds});
  }

  const Model& m_model;
  const Executor& m_executor;
  ParallelRequest m_request;
  const Progress& m_progress;
  Pipeline m_pipeline;
  std::vector<Tensor> m_inputs;
  std::vector<StepCost> m_alone;        ///< with nothing beside it
  std::size_t m_done = 0, m_parts = 0;  ///< of the measurement
  ParallelFigures m_figures;
};

}  // namespace

ParallelFigures parallelFigures(const Model& model, const Executor& executor, const Dataset* data,
                                const ParallelRequest& request, const Progress& progress) {
  return Measurer(model, executor, data, request, progress).measure();
}

}  // namespace lapidary::core
