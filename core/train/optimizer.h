// SPDX-License-Identifier: GPL-3.0-or-later
// Changes weights along their gradients: gradient descent with momentum, Adam and AdamW.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::core {

enum class OptimizerKind {
  Sgd,    ///< v = momentum v + g; w -= rate v
  Adam,   ///< Kingma, Ba 2015; weight decay is part of the gradient
  AdamW,  ///< the same, weights decay by themselves (Loshchilov, Hutter 2019)
};

struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::Sgd;
  double momentum = 0.9;                              ///< Sgd
  double weightDecay = 0;                             ///< L2, a step
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  ///< Adam, AdamW
};

/// The state that an optimizer remembers, to go on from later.
struct OptimizerState {
  std::uint64_t steps = 0;
  std::vector<std::vector<float>> first, second;  ///< velocity, or mean and mean square of the gradient
};

/// Holds what it remembers of every weight: one float a weight for Sgd, two for the others. All arithmetic in
/// Float32, element by element: the same bits wherever it runs.
class Optimizer {
 public:
  /// `sizes`: elements of every tensor that will be changed.
  Optimizer(OptimizerSettings settings, std::span<const std::size_t> sizes);

  /// One step over all tensors, in the order of the sizes.
  void step(std::span<const std::span<float>> weights, std::span<const std::span<const float>> gradients,
            double rate);
  std::uint64_t steps() const { return m_state.steps; }

  const OptimizerState& state() const { return m_state; }
  /// Throws Error(InvalidInput) for a state of other sizes.
  void restore(const OptimizerState& state);

 private:
  void descend(std::span<float> weights, std::span<const float> gradient, std::span<float> velocity,
               float rate) const;
  void adapt(std::span<float> weights, std::span<const float> gradient, std::span<float> mean,
             std::span<float> square, float rate) const;

  OptimizerSettings m_settings;
  OptimizerState m_state;
};

/// Scales all gradients down so that the norm of them together is at most `most`; returns the norm before.
double clipNorm(std::span<const std::span<float>> gradients, double most);

}  // namespace lapidary::core
