// SPDX-License-Identifier: GPL-3.0-or-later
// Weights to start a training from, drawn by a seed.
#pragma once

#include <cstdint>
#include <random>

#include "core/model/model.h"

namespace lapidary::core {

/// Normal deviates by Box and Muller's method, so that a seed gives the same weights with every library.
class InitialWeights {
 public:
  explicit InitialWeights(std::uint64_t seed) : m_random(seed) {}

  Tensor normal(Shape shape, double deviation);
  /// Variance 2 / inputs, for layers with a ReLU behind them (He et al. 2015).
  Tensor he(Shape shape, std::int64_t inputs);
  /// Variance 2 / (inputs + outputs), for layers with none (Glorot, Bengio 2010).
  Tensor glorot(Shape shape, std::int64_t inputs, std::int64_t outputs);

 private:
  std::mt19937_64 m_random;
};

Tensor filled(Shape shape, float value);

/// The model with weights drawn by `he`, biases of 0, and normalisations that change nothing; constants that
/// no training changes stay.
Model reinitialised(const Model& model, std::uint64_t seed);

}  // namespace lapidary::core
