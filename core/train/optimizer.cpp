// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/optimizer.h"

#include <cmath>

#include "core/support/error.h"
#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void descendAll(float* __restrict w, const float* __restrict g, float* __restrict v,
                                    std::size_t count, float momentum, float decay, float rate) {
  for (std::size_t i = 0; i < count; ++i) {
    v[i] = momentum * v[i] + (g[i] + decay * w[i]);
    w[i] -= rate * v[i];
  }
}

struct AdamStep {
  float beta1, beta2, epsilon, decay, shrink, rate, correction2;
};

LAPIDARY_VECTORIZED void adaptAll(float* __restrict w, const float* __restrict g, float* __restrict m,
                                  float* __restrict v, std::size_t count, const AdamStep& step) {
  for (std::size_t i = 0; i < count; ++i) {
    const float gradient = g[i] + step.decay * w[i];
    m[i] = step.beta1 * m[i] + (1 - step.beta1) * gradient;
    v[i] = step.beta2 * v[i] + (1 - step.beta2) * gradient * gradient;
    w[i] = step.shrink * w[i] - step.rate * m[i] / (std::sqrt(v[i]) / step.correction2 + step.epsilon);
  }
}

}  // namespace

Optimizer::Optimizer(OptimizerSettings settings, std::span<const std::size_t> sizes) : m_settings(settings) {
  for (const std::size_t size : sizes) {
    m_state.first.emplace_back(size);
    m_state.second.emplace_back(settings.kind == OptimizerKind::Sgd ? 0 : size);
  }
}

/// The first gradient is the velocity as it is, as velocities start at 0.
void Optimizer::descend(std::span<float> weights, std::span<const float> gradient, std::span<float> velocity,
                        float rate) const {
  descendAll(weights.data(), gradient.data(), velocity.data(), weights.size(),
             static_cast<float>(m_settings.momentum), static_cast<float>(m_settings.weightDecay), rate);
}

void Optimizer::adapt(std::span<float> weights, std::span<const float> gradient, std::span<float> mean,
                      std::span<float> square, float rate) const {
  const bool apart = m_settings.kind == OptimizerKind::AdamW;
  const auto t = static_cast<double>(m_state.steps);
  const AdamStep step{static_cast<float>(m_settings.beta1),
                      static_cast<float>(m_settings.beta2),
                      static_cast<float>(m_settings.epsilon),
                      apart ? 0.0f : static_cast<float>(m_settings.weightDecay),
                      apart ? 1 - rate * static_cast<float>(m_settings.weightDecay) : 1.0f,
                      rate / static_cast<float>(1 - std::pow(m_settings.beta1, t)),
                      static_cast<float>(std::sqrt(1 - std::pow(m_settings.beta2, t)))};
  adaptAll(weights.data(), gradient.data(), mean.data(), square.data(), weights.size(), step);
}

void Optimizer::step(std::span<const std::span<float>> weights,
                     std::span<const std::span<const float>> gradients, double rate) {
  ++m_state.steps;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (m_settings.kind == OptimizerKind::Sgd)
      descend(weights[i], gradients[i], m_state.first[i], static_cast<float>(rate));
    else
      adapt(weights[i], gradients[i], m_state.first[i], m_state.second[i], static_cast<float>(rate));
  }
}

void Optimizer::restore(const OptimizerState& state) {
  const auto sizes = [](const std::vector<std::vector<float>>& lists) {
    std::vector<std::size_t> counts;
    for (const auto& list : lists) counts.push_back(list.size());
    return counts;
  };
  if (sizes(state.first) != sizes(m_state.first) || sizes(state.second) != sizes(m_state.second))
    throw Error(ErrorKind::InvalidInput,
                "the state of the optimizer is of other weights or of another optimizer");
  m_state = state;
}

double clipNorm(std::span<const std::span<float>> gradients, double most) {
  double squares = 0;
  for (const auto gradient : gradients)
    for (const float g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  const double norm = std::sqrt(squares);
  if (!(norm > most)) return norm;
  const auto factor = static_cast<float>(most / norm);
  for (const auto gradient : gradients)
    for (float& g : gradient) g *= factor;
  return norm;
}

}  // namespace lapidary::core
