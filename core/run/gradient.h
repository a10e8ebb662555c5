// SPDX-License-Identifier: GPL-3.0-or-later
// Reverse-mode gradients of a scalar built from the outputs, with respect to any values of the graph.
#pragma once

#include <functional>

#include "core/run/backward_rule.h"
#include "core/run/executor.h"

namespace lapidary::core {

struct GradientRequest {
  std::vector<Tensor> inputs;     ///< in graph order
  std::vector<ValueId> wrt;       ///< graph inputs, activations, or weights
  std::vector<ValueId> alsoKeep;  ///< forward values to return besides
  /// Called with the outputs; gives d(scalar)/d(output) for each (undefined: none). Float32.
  std::function<std::vector<Tensor>(std::span<const Tensor> outputs)> seed;
  BackwardRule rule = nullptr;  ///< in place of the operators' own derivatives
};

struct GradientResult {
  std::vector<Tensor> outputs;
  std::vector<Tensor> gradients;  ///< by `wrt`; zeros where nothing flows; Float32
  std::vector<Tensor> kept;       ///< by `alsoKeep`
};

/// Runs forward unfused, keeping what backward needs, then backward. Uses the calling thread.
/// Throws Error(Unsupported) naming the node where an operator on the way has no backward.
GradientResult gradients(const Model& model, const GradientRequest& request, std::stop_token stop = {});

}  // namespace lapidary::core
