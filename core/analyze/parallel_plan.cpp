#include "core/analyze/parallel_plan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>

#include "core/analyze/noise.h"
#include "core/run/pipeline.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

using Clock = std::chrono::steady_clock;

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
    m_parts = 2 + counts.size();
    for (const unsigned count : counts) {
      m_figures.workers.push_back(workersFigures(count));
      finishPart();
    }
    pipeline();
    finishPart();
    splits();
    finishPart();
    return std::move(m_figures);
  }

 private:
  void finishPart() { m_progress.step(++m_done, m_parts); }

  /// Measured once for each number of busy processors, shortly before what is foretold from it.
  const std::vector<StepCost>& costsWith(unsigned threads) {
    const unsigned busy = std::clamp(threads, 1u, m_figures.processors);
    auto& costs = m_costs[busy];
    if (!costs.empty()) return costs;
    MeasureOptions options;
    options.busy = busy;
    options.stop = m_progress.stop;
    options.seconds = m_request.seconds / 2;
    return costs = m_pipeline.measure(m_model, m_inputs, options);
  }

  /// Threads that are not always busy slow each other less: between the costs of one alone and of all.
  std::vector<StepCost> costsBetween(unsigned threads, double active) {
    const auto& alone = costsWith(1);
    std::vector<StepCost> costs = costsWith(threads);
    const unsigned busy = std::clamp(threads, 1u, m_figures.processors);
    if (busy == 1) return costs;
    const double crowding = std::clamp((active - 1) / (busy - 1), 0.0, 1.0);
    for (std::size_t i = 0; i < costs.size(); ++i)
      costs[i].measuredSeconds = alone[i].seconds() + crowding * (costs[i].seconds() - alone[i].seconds());
    return costs;
  }

  /// How many of its stages a plan keeps busy at a time.
  static double activeStages(const StagePlan& plan) {
    double all = 0;
    for (const Stage& stage : plan.stages) all += stage.seconds;
    return plan.batchSeconds > 0 ? all / plan.batchSeconds : 1;
  }

  /// Batches that take about the time asked for.
  std::size_t batchesFor(double batchSeconds, std::size_t least) const {
    const double count = m_request.seconds / std::max(batchSeconds, 1e-6);
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
    const double active = activeStages(planStages(costsWith(m_request.stages), request));
    const auto costs = costsBetween(m_request.stages, active);
    const StagePlan plan = planStages(costs, request);
    const std::size_t batches = batchesFor(plan.batchSeconds, 4 * plan.stages.size());
    std::size_t left = batches;
    const PipelineFeed feed{[&]() -> std::optional<std::vector<Tensor>> {
                              return left-- == 0 ? std::nullopt : std::optional(m_inputs);
                            },
                            [](std::size_t, std::vector<Tensor>) {}};
    const PipelineTimes times = m_pipeline.run(m_model, plan.stages, feed, request.queued, m_progress.stop);
    m_figures.predicted = samples(batches) / plan.secondsFor(batches);
    m_figures.measured = samples(batches) / times.seconds;
    for (std::size_t k = 0; k < plan.stages.size(); ++k) {
      m_figures.stages.push_back(figuresOf(plan.stages[k], costs));
      m_figures.stages.back().busy = times.busy[k] / times.seconds;
    }
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
    const double seconds = sumOf(costsWith(atOnce));
    const std::size_t batches = batchesFor(seconds / atOnce, 4u * count);
    WorkerFigures figures;
    figures.workers = count;
    figures.predicted = samples(batches) / (std::ceil(static_cast<double>(batches) / atOnce) * seconds);
    std::vector<std::size_t> done(count);
    RunOptions options;
    options.stop = m_progress.stop;
    const auto start = Clock::now();
    parallelFor(batches, count, [&](std::size_t, unsigned worker) {
      m_executor.run(m_model, m_inputs, options);
      ++done[worker];
    });
    figures.measured = samples(batches) / std::chrono::duration<double>(Clock::now() - start).count();
    for (const std::size_t own : done)
      figures.share.push_back(static_cast<double>(own) / static_cast<double>(batches));
    return figures;
  }

  void splits() {
    if (m_request.parts < 2) return;
    MeasureOptions options;
    options.stop = m_progress.stop;
    SplitOptions split;
    split.workers = m_request.parts;
    for (const SplitCost& cost :
         m_pipeline.measureSplits(m_model, m_inputs, costsWith(m_request.parts), split, options))
      m_figures.splits.push_back({describe(*m_model.graph, cost.node), cost.channels, cost.parts,
                                  cost.wholeSeconds, cost.predictedSeconds, cost.splitSeconds});
  }

  const Model& m_model;
  const Executor& m_executor;
  ParallelRequest m_request;
  const Progress& m_progress;
  Pipeline m_pipeline;
  std::vector<Tensor> m_inputs;
  std::map<unsigned, std::vector<StepCost>> m_costs;  ///< by busy processors
  std::size_t m_done = 0, m_parts = 0;                ///< of the measurement
  ParallelFigures m_figures;
};

}  // namespace

ParallelFigures parallelFigures(const Model& model, const Executor& executor, const Dataset* data,
                                const ParallelRequest& request, const Progress& progress) {
  return Measurer(model, executor, data, request, progress).measure();
}

}  // namespace lapidary::core
