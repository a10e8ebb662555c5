// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/speed/profile_models.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

#include "core/analyze/speed/machine_peak.h"
#include "core/analyze/statistics.h"
#include "core/run/executor.h"
#include "core/support/clock.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr int leastRuns = 5, mostRuns = 50;
constexpr double budget = 0.5;  // seconds

/// The runs of one model: seconds by step, and of all steps together.
struct Timings {
  std::vector<StepTime> steps;               ///< of the first run
  std::vector<std::vector<double>> seconds;  ///< by step, then by run
  std::vector<double> total;

  void add(const std::vector<StepTime>& run) {
    if (steps.empty()) {
      steps = run;
      seconds.resize(run.size());
    }
    double sum = 0;
    for (std::size_t i = 0; i < std::min(run.size(), seconds.size()); ++i) {
      seconds[i].push_back(run[i].seconds);
      sum += run[i].seconds;
    }
    total.push_back(sum);
  }
};

/// Every thread runs the batch at the same time; all their figures count.
void timeOnce(const Runnable& model, const std::vector<Tensor>& inputs, unsigned threads,
              const Progress& progress, Timings& timings) {
  std::mutex mutex;
  parallelFor(threads, threads, [&](std::size_t, unsigned) {
    const std::vector<StepTime> run = model.executor.profile(model.model, inputs, progress.stop);
    const std::lock_guard lock(mutex);
    timings.add(run);
  });
}

std::string nameOf(const Graph& graph, const Node& node) {
  if (!node.name.empty() || node.outputs.empty() || !node.outputs[0].valid()) return node.name;
  return graph.value(node.outputs[0]).name;
}

StepProfile describeStep(const Model& model, const StepTime& time) {
  const Graph& graph = *model.graph;
  StepProfile step;
  step.node = time.node;
  step.name = nameOf(graph, graph.node(time.node));
  step.op = graph.node(time.node).opType;
  for (const NodeId id : time.fused) step.op += " + " + graph.node(id).opType;
  for (std::uint32_t i = 0; i < model.layers.size() && !step.layer.valid(); ++i)
    if (model.layers[i].node == time.node) step.layer = LayerId{i};
  step.flops = time.flops;
  step.bytes = time.bytes;
  return step;
}

double shareOf(double flops, double seconds, double peak) {
  return seconds > 0 && peak > 0 ? flops / seconds / peak : 0;
}

/// Steps are the same where their first nodes compute the same value: a quantized graph has other nodes.
void addSteps(const Model& unchanged, const Model& model, const Timings& before, const Timings& after,
              ModelProfile& profile) {
  std::map<ValueId, double> original;
  const auto result = [](const Model& of, NodeId node) { return of.graph->node(node).outputs.front(); };
  for (std::size_t i = 0; i < before.steps.size(); ++i)
    original[result(unchanged, before.steps[i].node)] = median(before.seconds[i]);
  for (std::size_t i = 0; i < after.steps.size(); ++i) {
    StepProfile step = describeStep(model, after.steps[i]);
    step.seconds = median(after.seconds[i]);
    const auto it = original.find(result(model, step.node));
    if (it != original.end()) step.original = it->second;
    step.peakShare = shareOf(step.flops, step.seconds, profile.peak);
    profile.flops += step.flops;
    profile.bytes += step.bytes;
    profile.steps.push_back(std::move(step));
  }
}

}  // namespace

ModelProfile profileOf(const ProfiledModels& models, const ProfileRequest& request,
                       const Progress& progress) {
  ModelProfile profile;
  profile.threads = std::max(1u, request.threads);
  progress.step(0, 100);
  profile.peak = sgemmPeak(profile.threads, progress);
  progress.step(10, 100);
  Timings before, after;
  const Clock::time_point start = Clock::now();
  for (int run = 0; run < mostRuns && (run < leastRuns || secondsSince(start) < budget); ++run) {
    timeOnce(models.original, models.inputs, profile.threads, progress, before);
    timeOnce(models.cut, models.inputs, profile.threads, progress, after);
    ++profile.runs;
    const double share = std::max(secondsSince(start) / budget, static_cast<double>(run + 1) / mostRuns);
    const double least = static_cast<double>(run + 1) / leastRuns;
    progress.step(static_cast<std::size_t>(10 + 89 * std::min({share, least, 1.0})), 100);
  }
  addSteps(models.original.model, models.cut.model, before, after, profile);
  profile.seconds = median(after.total);
  profile.original = median(before.total);
  profile.peakShare = shareOf(profile.flops, profile.seconds, profile.peak);
  progress.step(100, 100);
  return profile;
}

}  // namespace lapidary::core
