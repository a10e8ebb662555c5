// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/gradient.h"

#include "core/run/sweep.h"

namespace lapidary::core {

GradientResult gradients(const Model& model, const GradientRequest& request, std::stop_token stop) {
  useOneThreadPerWorker();
  const BackwardPlan plan(model, {request.wrt, request.alsoKeep});
  Sweep sweep(plan, model, request.inputs, std::move(stop));
  sweep.setRule(request.rule);
  sweep.forward(0, sweep.steps());
  GradientResult result;
  result.outputs = sweep.outputs();
  for (const ValueId id : request.alsoKeep) result.kept.push_back(sweep.value(id));
  sweep.seed(result.outputs, request.seed(result.outputs));
  sweep.backward(0, sweep.steps());
  for (const ValueId id : request.wrt) result.gradients.push_back(sweep.gradient(id));
  return result;
}

}  // namespace lapidary::core
