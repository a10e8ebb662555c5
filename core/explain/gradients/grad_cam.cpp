// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/grad_cam.h"

#include <algorithm>
#include <numeric>

#include "core/explain/map/saliency_map.h"
#include "core/explain/map/score_gradient.h"

namespace lapidary::core {
namespace {

using ChannelPlane = std::span<const float>;
using ChannelWeight = float (*)(ChannelPlane activation, ChannelPlane gradient);

float meanGradient(ChannelPlane, ChannelPlane gradient) {
  return std::accumulate(gradient.begin(), gradient.end(), 0.0f) / static_cast<float>(gradient.size());
}

float weightedGradient(ChannelPlane activation, ChannelPlane gradient) {
  const double sum = std::accumulate(activation.begin(), activation.end(), 0.0);
  double weight = 0;
  for (const float value : gradient) {
    const double g = static_cast<double>(value), below = 2 * g * g + sum * g * g * g;
    if (g > 0 && below != 0) weight += g * g / below * g;
  }
  return static_cast<float>(weight);
}

/// Sum over channels of activation times weight, negative parts cut off.
std::vector<float> weightedActivation(const Tensor& activation, const Tensor& gradient,
                                      ChannelWeight weightOf) {
  const auto channels = static_cast<std::size_t>(activation.shape()[1]);
  const std::size_t positions = static_cast<std::size_t>(activation.size()) / channels;
  std::vector<float> map(positions, 0.0f);
  for (std::size_t c = 0; c < channels; ++c) {
    const ChannelPlane values = activation.as<float>().subspan(c * positions, positions);
    const float weight = weightOf(values, gradient.as<float>().subspan(c * positions, positions));
    for (std::size_t i = 0; i < positions; ++i) map[i] += weight * values[i];
  }
  for (float& value : map) value = std::max(value, 0.0f);
  return map;
}

SaliencyMap classActivationMap(const SaliencyTask& task, ChannelWeight weightOf) {
  const ValueId conv = lastConvolution(task.model);
  const ScoreGradient found =
      scoreGradient(task.model, {task.inputs, task.targetClass, {conv}, {conv}}, task.progress.stop);
  const Tensor activation = toFloat32(found.result.kept[0]);
  const Shape& shape = activation.shape();
  if (shape.size() != 3 && shape.size() != 4)
    throw Error(ErrorKind::Unsupported,
                "Grad-CAM needs a convolution over one or two axes; the last one gives " + toText(shape));
  const int height = shape.size() == 4 ? static_cast<int>(shape[2]) : 1;
  const auto width = static_cast<int>(shape.back());
  const MapGeometry input = geometryOf(task.inputs[0].shape());
  SaliencyMap map{task.method, input.width, input.height, {}, found.target, found.probability};
  map.values = upscaled(weightedActivation(activation, found.result.gradients[0], weightOf), width, height,
                        input.width, input.height);
  return map;
}

}  // namespace

ValueId lastConvolution(const Model& model) {
  for (auto node = model.graph->nodes.rbegin(); node != model.graph->nodes.rend(); ++node)
    if (node->opType == "Conv") return node->outputs.at(0);
  throw Error(ErrorKind::Unsupported, "Grad-CAM looks at the last convolution; this model has none");
}

SaliencyMap gradCamMap(const SaliencyTask& task) { return classActivationMap(task, meanGradient); }

SaliencyMap gradCamPlusPlusMap(const SaliencyTask& task) {
  return classActivationMap(task, weightedGradient);
}

}  // namespace lapidary::core
