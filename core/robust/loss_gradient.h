// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of samples and its gradient at one input, for those who search inputs on which a model fails.
#pragma once

#include "core/run/backward_plan.h"

namespace lapidary::core {

/// Of a batch, by sample.
struct InputGradient {
  std::vector<double> losses;  ///< cross-entropy in nats
  std::vector<std::int64_t> top1;
  Tensor gradient;  ///< of the summed losses at the input, Float32 in its shape
};

/// Thread-safe after construction. The model must outlive it.
class LossGradient {
 public:
  /// Throws Error(Unsupported) where an operator on the way has no gradient.
  LossGradient(const Model& model, ValueId input);

  /// `inputs` in graph order, one label a sample. Gradients pass straight through rounding to codes. On the
  /// calling thread. Throws Error(InvalidInput) for a label that is no class, Cancelled.
  InputGradient of(std::span<const Tensor> inputs, std::span<const std::int64_t> labels,
                   const std::stop_token& stop) const;

 private:
  const Model& m_model;
  ValueId m_input;
  BackwardPlan m_plan;
};

}  // namespace lapidary::core
