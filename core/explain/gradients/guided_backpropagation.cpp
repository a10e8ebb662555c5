// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/guided_backpropagation.h"

#include <algorithm>

#include "core/explain/map/saliency_map.h"
#include "core/explain/map/score_gradient.h"

namespace lapidary::core {
namespace {

bool isRectifier(std::string_view type) { return type == "Relu" || type == "Clip"; }

Tensor positivePart(const Tensor& tensor) {
  TensorBuilder builder(DType::Float32, tensor.shape());
  std::ranges::transform(tensor.as<float>(), builder.as<float>().begin(),
                         [](float value) { return std::max(value, 0.0f); });
  return std::move(builder).build();
}

std::vector<Tensor> guided(const Op& op, const BackwardCall& call) {
  if (!isRectifier(op.type) || !call.outputGradients[0].defined()) return op.backward(call);
  const Tensor positive[]{positivePart(call.outputGradients[0])};
  BackwardCall changed = call;
  changed.outputGradients = positive;
  return op.backward(changed);
}

}  // namespace

void requireRectifier(const Model& model) {
  if (std::ranges::none_of(model.graph->nodes, [](const Node& node) { return isRectifier(node.opType); }))
    throw Error(ErrorKind::Unsupported,
                "guided backpropagation changes the gradient of Relu; this model has none");
}

SaliencyMap guidedBackpropagationMap(const SaliencyTask& task) {
  requireRectifier(task.model);
  const Explained explained = explainedValue(task.model, task.inputs);
  const ScoreGradient found = scoreGradient(
      task.model, {task.inputs, task.targetClass, {explained.value}, {}, guided}, task.progress.stop);
  const Tensor& gradient = found.result.gradients[0];
  const MapGeometry geometry = geometryOf(gradient.shape(), explained.embedded);
  return {task.method,     geometry.width,
          geometry.height, maxMagnitudeOverChannels(gradient.as<float>(), geometry),
          found.target,    found.probability};
}

}  // namespace lapidary::core
