// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/score_function.h"

namespace lapidary::core {

ScoreFunction::ScoreFunction(const SaliencyTask& task)
    : m_task(task), m_explained(explainedValue(task.model, task.inputs)) {
  const ValueId value = m_explained.value;
  ScoreGradient found =
      scoreGradient(task.model, {task.inputs, task.targetClass, {value}, {value}}, task.progress.stop);
  m_point = toFloat32(found.result.kept[0]);
  m_gradient = found.result.gradients[0];
  m_geometry = geometryOf(m_point.shape(), m_explained.embedded);
  m_target = found.target;
  m_score = found.scores.at(0);
  m_probability = found.probability;
}

ScoreFunction::Gradients ScoreFunction::at(const Tensor& points) const {
  const auto rows = static_cast<std::size_t>(points.shape().at(0));
  std::vector<Tensor> inputs;
  for (const Tensor& input : m_task.inputs) inputs.push_back(repeated(input, rows));
  Model model = m_task.model;
  if (m_explained.embedded)
    model.weights[m_explained.value] = points;
  else
    inputs[m_explained.input] = convert(points, m_task.inputs[m_explained.input].dtype());
  ScoreGradient found =
      scoreGradient(model, {inputs, m_target, {m_explained.value}, {}}, m_task.progress.stop);
  return {std::move(found.scores), found.result.gradients[0]};
}

SaliencyMap ScoreFunction::mapOf(std::vector<float> values) const {
  return {m_task.method, m_geometry.width, m_geometry.height, std::move(values), m_target, m_probability};
}

SaliencyMap ScoreFunction::largest(std::span<const float> values) const {
  return mapOf(maxMagnitudeOverChannels(values, m_geometry));
}

SaliencyMap ScoreFunction::sum(std::span<const float> values) const {
  return mapOf(sumOverChannels(values, m_geometry));
}

}  // namespace lapidary::core
