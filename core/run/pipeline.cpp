// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/pipeline.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "core/run/bounded_queue.h"
#include "core/run/step_cost.h"
#include "core/support/clock.h"
#include "core/support/parallel.h"

namespace lapidary::core {

struct Pipeline::Plan {
  explicit Plan(const Model& model) : graph(model, true) {}

  GraphPlan graph;
};

Pipeline::Pipeline(const Model& model) {
  requireOps(model);
  m_plan = std::make_unique<Plan>(model);
  m_plan->graph.scheduleFor(model, {});
}

Pipeline::~Pipeline() = default;

std::vector<StepCost> Pipeline::measure(const Model& model, std::span<const Tensor> inputs,
                                        const MeasureOptions& options) const {
  useOneThreadPerWorker();
  auto costs = tableCosts(m_plan->graph, model, inputs, options.stop);
  if (options.repeats <= 0) return costs;
  const unsigned busy = std::max(1u, options.busy);
  std::vector<std::vector<double>> seconds(busy);
  parallelFor(busy, busy, [&](std::size_t i, unsigned) {
    useOneThreadPerWorker();
    seconds[i] =
        timeRuns(m_plan->graph, model, inputs, options.repeats, options.seconds, options.stop).corrected();
  });
  for (std::size_t i = 0; i < costs.size(); ++i) {
    for (const auto& worker : seconds) costs[i].measuredSeconds += worker.at(i);
    costs[i].measuredSeconds /= static_cast<double>(busy);
  }
  return costs;
}

std::vector<SplitCost> Pipeline::measureSplits(const Model& model, std::span<const Tensor> inputs,
                                               std::span<const StepCost> costs, const SplitOptions& split,
                                               const MeasureOptions& options) const {
  auto splits = foretoldSplits(m_plan->graph, model, costs, split);
  if (splits.empty()) return splits;
  const auto timed = [&](const SplitOptions& how) {
    return timeRuns(m_plan->graph, model, inputs, options.repeats, options.seconds, options.stop, how)
        .stepSeconds;
  };
  const auto whole = timed({}), parts = timed(split);
  for (SplitCost& cost : splits) {
    cost.wholeSeconds = whole.at(cost.step);
    cost.splitSeconds = parts.at(cost.step);
  }
  return splits;
}

namespace {

/// One run of a pipeline. The state of a batch travels from stage to stage; nothing is copied.
class PipelineRun {
 public:
  PipelineRun(GraphPlan& plan, const Model& model, std::span<const Stage> stages, const PipelineFeed& feed,
              std::size_t queued, std::stop_token stop)
      : m_plan(plan),
        m_schedule(plan.scheduleFor(model, {})),
        m_constants(plan.fold(model, *m_schedule)),
        m_stages(stages),
        m_feed(feed),
        m_stop(std::move(stop)),
        m_busy(stages.size()) {
    for (std::size_t k = 1; k < stages.size(); ++k) m_queues.push_back(std::make_unique<Queue>(queued));
  }

  PipelineTimes run() {
    requireStages();
    const auto start = Clock::now();
    const std::stop_callback onStop(m_stop, [this] { breakUp(); });
    runThreads();
    if (m_failure) std::rethrow_exception(m_failure);
    if (m_stop.stop_requested()) throw Cancelled();
    return {m_batches, secondsSince(start), std::move(m_busy)};
  }

 private:
  using Batch = std::unique_ptr<GraphRun>;
  using Queue = BoundedQueue<Batch>;

  void requireStages() const {
    std::size_t next = 0;
    for (const Stage& stage : m_stages) {
      if (stage.firstStep != next || stage.endStep <= next)
        throw Error(ErrorKind::Usage, "the stages do not follow each other");
      next = stage.endStep;
    }
    if (next != m_schedule->steps.size())
      throw Error(ErrorKind::Usage, "the stages hold " + std::to_string(next) + " steps, the model has " +
                                        std::to_string(m_schedule->steps.size()));
  }

  /// Returns when all of them have ended, also where one could not be started.
  void runThreads() {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t k = 0; k < m_stages.size(); ++k) threads.emplace_back([this, k] { work(k); });
    } catch (...) {
      m_failed = true;
      breakUp();
      throw;
    }
  }

  void breakUp() {
    for (const auto& queue : m_queues) queue->breakUp();
  }

  void work(std::size_t k) noexcept {
    try {
      useOneThreadPerWorker();
      while (Batch batch = take(k))
        if (!finishStage(k, std::move(batch))) break;
      if (k + 1 < m_stages.size()) m_queues[k]->end();
    } catch (...) {
      {
        const std::lock_guard lock(m_mutex);
        if (!m_failure) m_failure = std::current_exception();
      }
      m_failed = true;
      breakUp();
    }
  }

  /// The next batch of a stage, null at the end.
  Batch take(std::size_t k) {
    if (m_failed) return nullptr;
    if (m_stop.stop_requested()) return nullptr;
    if (k > 0) return m_queues[k - 1]->pop().value_or(nullptr);
    const auto inputs = m_feed.next();
    if (!inputs) return nullptr;
    auto batch = std::make_unique<GraphRun>(m_plan, m_schedule, m_constants);
    batch->feed(*inputs);
    batch->begin();
    return batch;
  }

  bool finishStage(std::size_t k, Batch batch) {
    const auto start = Clock::now();
    batch->executeSteps(m_stages[k].firstStep, m_stages[k].endStep,
                        {m_stop, nullptr, nullptr, Retention::Passing, {}});
    m_busy[k] += secondsSince(start);
    if (k + 1 < m_stages.size()) return m_queues[k]->push(std::move(batch));
    m_feed.done(m_batches, batch->outputs());
    ++m_batches;
    return true;
  }

  GraphPlan& m_plan;
  std::shared_ptr<const Schedule> m_schedule;
  std::shared_ptr<const FoldedConstants> m_constants;
  std::span<const Stage> m_stages;
  const PipelineFeed& m_feed;
  std::stop_token m_stop;
  std::vector<std::unique_ptr<Queue>> m_queues;  ///< between the stages
  std::vector<double> m_busy;                    ///< by stage, each written by its own thread
  std::size_t m_batches = 0;                     ///< of the last stage's thread
  std::atomic<bool> m_failed = false;
  std::mutex m_mutex;
  std::exception_ptr m_failure;
};

}  // namespace

PipelineTimes Pipeline::run(const Model& model, std::span<const Stage> stages, const PipelineFeed& feed,
                            std::size_t queued, std::stop_token stop) const {
  return PipelineRun(m_plan->graph, model, stages, feed, std::max<std::size_t>(1, queued), std::move(stop))
      .run();
}

}  // namespace lapidary::core
