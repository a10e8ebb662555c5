// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/stage_runner.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "core/ops/kernels/activation_bytes.h"
#include "core/run/graph_run.h"

namespace lapidary::core {
namespace {

[[noreturn]] void damaged() {
  throw Error(
      ErrorKind::InvalidInput,
      "a stage was handed values that it does not know: do all ranks run the same command on the same "
      "files?");
}

/// The activations that are alive between two steps: made before, and read later or among the results.
std::vector<ValueId> alive(const Schedule& schedule, std::size_t before) {
  std::set<ValueId> ids(schedule.results.begin(), schedule.results.end());
  for (std::size_t i = before; i < schedule.steps.size(); ++i)
    ids.insert(schedule.steps[i].reads.begin(), schedule.steps[i].reads.end());
  std::vector<ValueId> found;
  for (const ValueId id : ids) {
    const std::uint32_t step = schedule.producer[id.index];
    if (!schedule.constant[id.index] && (step == Schedule::none || step < before)) found.push_back(id);
  }
  return found;
}

}  // namespace

std::vector<std::byte> packTensors(std::span<const Tensor> tensors) {
  std::vector<std::byte> bytes;
  for (const Tensor& tensor : tensors) packActivation(Activation(tensor), bytes);
  return bytes;
}

std::vector<Tensor> unpackTensors(std::span<const std::byte> bytes) {
  std::vector<Tensor> tensors;
  while (!bytes.empty()) tensors.push_back(toPlain(unpackActivation(bytes)));
  return tensors;
}

struct StageRunner::Plan {
  Plan(const Model& model, std::size_t from, std::size_t to)
      : graph(model, true), schedule(graph.scheduleFor(model, {})), first(from), end(to) {
    if (first >= end || end > schedule->steps.size())
      throw Error(ErrorKind::Usage, "a stage of steps " + std::to_string(first) + " to " +
                                        std::to_string(end) + " of " +
                                        std::to_string(schedule->steps.size()));
    entering = alive(*schedule, first);
    leaving = alive(*schedule, end);
  }

  bool isLast() const { return end == schedule->steps.size(); }

  GraphPlan graph;
  std::shared_ptr<const Schedule> schedule;
  std::size_t first, end;
  std::vector<ValueId> entering, leaving;
};

StageRunner::StageRunner(const Model& model, std::size_t first, std::size_t end)
    : m_plan(std::make_unique<Plan>(model, first, end)) {}

StageRunner::~StageRunner() = default;

std::vector<std::byte> StageRunner::run(const Model& model, std::span<const std::byte> entering,
                                        std::stop_token stop) const {
  useOneThreadPerWorker();
  Plan& plan = *m_plan;
  GraphRun run(plan.graph, plan.schedule, plan.graph.fold(model, *plan.schedule));
  if (plan.first == 0) run.feed(unpackTensors(entering));
  for (std::size_t i = 0; plan.first > 0 && i < plan.entering.size(); ++i)
    run.give(plan.entering[i], unpackActivation(entering));
  if (plan.first > 0 && !entering.empty()) damaged();
  run.begin();
  run.executeSteps(plan.first, plan.end, {stop, nullptr, nullptr, Retention::Passing, {}});
  if (plan.isLast()) return packTensors(run.outputs());
  std::vector<std::byte> bytes;
  for (const ValueId id : plan.leaving) packActivation(run.value(id), bytes);
  return bytes;
}

}  // namespace lapidary::core
