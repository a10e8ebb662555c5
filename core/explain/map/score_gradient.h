// SPDX-License-Identifier: GPL-3.0-or-later
// The gradient of a class's score, and the value of the graph at which maps take it.
#pragma once

#include "core/run/gradient.h"

namespace lapidary::core {

/// The value that a map explains: the first floating input, or the embedding of a token input.
struct Explained {
  ValueId value;
  std::size_t input = 0;  ///< which of the graph's inputs
  bool embedded = false;
};

/// Goes by the inputs given, else by what the graph declares. Throws Error(Unsupported) where there is
/// neither.
Explained explainedValue(const Model& model, std::span<const Tensor> inputs = {});

/// By the rows of the batch.
struct ScoreGradient {
  GradientResult result;
  std::int64_t target = 0;
  double probability = 0;      ///< of the target, first row
  std::vector<double> scores;  ///< the target's output, as the model gives it
};

struct ScoreRequest {
  std::span<const Tensor> inputs;  ///< any number of samples
  std::int64_t target = -1;        ///< < 0: the top-1 of the first
  std::vector<ValueId> wrt, keep;
  BackwardRule rule = nullptr;
};

/// Gradient of the target's score of every row. On the calling thread.
ScoreGradient scoreGradient(const Model& model, const ScoreRequest& request, const std::stop_token& stop);

}  // namespace lapidary::core
