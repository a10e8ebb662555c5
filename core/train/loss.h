// SPDX-License-Identifier: GPL-3.0-or-later
// The loss that a training makes small, and its gradient at the scores.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::core {

/// Rows of `classes` scores before the softmax, Float32, row-major.
struct Scores {
  std::span<const float> values;
  std::size_t classes = 0;
  std::size_t rows() const { return classes == 0 ? 0 : values.size() / classes; }
};

struct Loss {
  double sum = 0;               ///< over the rows
  std::vector<float> gradient;  ///< d(sum) / d(score), in the order of the scores
};

/// Cross-entropy in nats of softmax(scores) against classes; `smoothing` in [0, 1) is spread over all classes
/// evenly (Szegedy et al. 2016).
Loss crossEntropy(const Scores& scores, std::span<const std::int64_t> labels, double smoothing = 0);

/// T^2 KL(softmax(teacher / T) || softmax(scores / T)) in nats (Hinton, Vinyals, Dean 2015), T =
/// `temperature` above 0; the square keeps the gradients as large whatever T.
Loss distillation(const Scores& scores, const Scores& teacher, double temperature);

/// Mean over the values of a row of (value - target)^2; of features as of outputs.
Loss meanSquares(const Scores& values, const Scores& targets);

/// The losses and their gradients, weighted; of the same scores.
Loss weightedSum(Loss a, const Loss& b, double weightOfA, double weightOfB);

}  // namespace lapidary::core
