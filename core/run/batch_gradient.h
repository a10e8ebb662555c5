// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients over a batch that is divided into shares: the same bits whatever the number of workers.
#pragma once

#include <functional>
#include <span>

#include "core/run/backward_plan.h"

namespace lapidary::core {

/// Some samples of a batch. Both are called from any thread; `seed` with the outputs of these samples alone.
struct BatchShare {
  std::function<std::vector<Tensor>()> inputs;  ///< in graph order
  std::function<std::vector<Tensor>(std::span<const Tensor> outputs)> seed;
};

/// The moments that a normalisation saw in the batch: Float32, one value a channel; the variance is the
/// population's.
struct BatchMoments {
  ValueId mean, variance;  ///< the constants that they stand in for
  float momentum = 0.9f;
  Tensor batchMean, batchVariance;
};

struct BatchGradient {
  std::vector<std::vector<Tensor>> gradients;  ///< by share, then in the order of `wrt`
  std::vector<BatchMoments> moments;           ///< empty where the plan does not vary statistics
};

/// With a plan that varies statistics, batch normalisations work with the mean and variance of all shares
/// together (Ioffe and Szegedy 2015), and their gradients flow through both. `wrt` are among those of the
/// plan. The calling thread is one of the workers.
BatchGradient batchGradient(const BackwardPlan& plan, const Model& model, std::span<const BatchShare> shares,
                            std::span<const ValueId> wrt, unsigned workers, const std::stop_token& stop);

}  // namespace lapidary::core
