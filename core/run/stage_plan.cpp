// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stage_plan.h"

#include <algorithm>
#include <set>

#include "core/run/stage_cut.h"

namespace lapidary::core {
namespace {

double handoverSeconds(const Link& link, std::size_t bytes) {
  return link.latency + static_cast<double>(bytes) / link.bytesPerSecond;
}

std::size_t weightBytesOf(std::span<const StepCost> steps) {
  std::set<ValueId> seen;
  std::size_t bytes = 0;
  for (const StepCost& step : steps)
    for (const StepWeight& weight : step.weights)
      if (seen.insert(weight.value).second) bytes += weight.bytes;
  return bytes;
}

Stage stageOf(std::span<const StepCost> all, std::size_t first, std::size_t end,
              const StageRequest& request) {
  const auto steps = all.subspan(first, end - first);
  Stage stage;
  stage.firstStep = first;
  stage.endStep = end;
  stage.enteringBytes = steps.front().entering;
  if (first > 0) stage.seconds = handoverSeconds(request.link, stage.enteringBytes);
  std::size_t held = 0;
  for (const StepCost& step : steps) {
    stage.seconds += step.seconds();
    held = std::max(held, step.held);
  }
  stage.weightBytes = weightBytesOf(steps);
  stage.activationBytes = held + (first > 0 ? request.queued * stage.enteringBytes : 0);
  return stage;
}

}  // namespace

StagePlan planStages(std::span<const StepCost> steps, const StageRequest& request) {
  std::vector<double> seconds, handover;
  double serial = 0;
  for (const StepCost& step : steps) {
    seconds.push_back(step.seconds());
    handover.push_back(handoverSeconds(request.link, step.entering));
    serial += step.seconds();
  }
  auto bounds = cutStages(seconds, handover, request.stages);
  bounds.push_back(steps.size());
  StagePlan plan;
  double all = 0, largest = 0;
  for (std::size_t k = 0; k + 1 < bounds.size(); ++k) {
    plan.stages.push_back(stageOf(steps, bounds[k], bounds[k + 1], request));
    all += plan.stages.back().seconds;
    largest = std::max(largest, plan.stages.back().seconds);
  }
  for (Stage& stage : plan.stages) stage.share = all > 0 ? stage.seconds / all : 0;
  // Stages that share a processor take turns on it.
  plan.batchSeconds = std::max(largest, all / std::max(1u, request.processors));
  plan.fillSeconds = all - largest;
  const auto batch = static_cast<double>(request.batch);
  plan.samplesPerSecond = plan.batchSeconds > 0 ? batch / plan.batchSeconds : 0;
  plan.serialSamplesPerSecond = serial > 0 ? batch / serial : 0;
  return plan;
}

}  // namespace lapidary::core
