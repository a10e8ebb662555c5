// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/learned_step.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

constexpr float leastStep = 1e-12f;

}  // namespace

LearnedStep::LearnedStep(const Tensor& weights, std::vector<float> steps, std::vector<std::uint32_t> groups,
                         StepGrid grid)
    : m_weights(weights),
      m_steps(std::move(steps)),
      m_groups(std::move(groups)),
      m_counts(m_steps.size()),
      m_grid(grid) {
  const auto values = m_weights.as<float>();
  for (std::size_t i = 0; i < values.size(); ++i) m_counts[m_groups[i]] += values[i] != 0;
}

std::vector<float> LearnedStep::start() const {
  const auto values = m_weights.as<float>();
  std::vector<float> numbers(values.begin(), values.end());
  numbers.insert(numbers.end(), m_steps.begin(), m_steps.end());
  return numbers;
}

float LearnedStep::stepOf(std::span<const float> numbers, std::size_t i) const {
  return std::max(numbers[m_groups.size() + m_groups[i]], leastStep);
}

float LearnedStep::codeOf(float weight, float step) const {
  if (weight == 0) return 0;
  if (m_grid.signsOnly) return weight > 0 ? 1.0f : -1.0f;
  return std::clamp(std::nearbyint(weight / step), -m_grid.most, m_grid.most);
}

Tensor LearnedStep::seen(std::span<const float> numbers) const {
  TensorBuilder builder(DType::Float32, m_weights.shape());
  const auto to = builder.as<float>();
  for (std::size_t i = 0; i < to.size(); ++i) {
    const float step = stepOf(numbers, i);
    to[i] = codeOf(numbers[i], step) * step;
  }
  return std::move(builder).build();
}

std::vector<float> LearnedStep::gradient(std::span<const float> numbers,
                                         std::span<const float> atSeen) const {
  std::vector<float> gradients(numbers.size());
  std::vector<double> ofSteps(m_steps.size());
  for (std::size_t i = 0; i < atSeen.size(); ++i) {
    const float step = stepOf(numbers, i);
    const float scaled = numbers[i] / step, code = codeOf(numbers[i], step);
    const bool inside = m_grid.signsOnly || std::fabs(scaled) <= m_grid.most;
    gradients[i] = inside ? atSeen[i] : 0.0f;
    const float ofStep = m_grid.signsOnly || !inside ? code : code - scaled;
    ofSteps[m_groups[i]] += static_cast<double>(atSeen[i]) * static_cast<double>(ofStep);
  }
  for (std::size_t g = 0; g < ofSteps.size(); ++g)
    gradients[atSeen.size() + g] = static_cast<float>(
        ofSteps[g] / std::sqrt(std::max(1.0, m_counts[g]) * static_cast<double>(m_grid.most)));
  return gradients;
}

}  // namespace lapidary::core
