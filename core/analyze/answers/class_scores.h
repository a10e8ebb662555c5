// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a model's outputs as scores of classes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Scores of a batch: rows of `classes` floats. The output used is the chosen one, else the first floating
/// one with at least two scores a sample; trailing or middle axes of one entry ([N,C,1,1], [N,1,1,C]) do not
/// count, and of a sequence output ([N,T,C]) the first position is taken.
struct ClassScores {
  std::size_t output = 0;  ///< which of the outputs
  std::size_t samples = 0;
  std::size_t classes = 0;
  std::size_t stride = 0;      ///< floats from one sample to the next
  std::vector<float> values;   ///< the whole output, Float32
  bool probabilities = false;  ///< every row is >= 0 and sums to 1: already through a softmax

  std::size_t indexOf(std::size_t sample, std::int64_t cls) const;
  std::span<const float> row(std::size_t sample) const;
  /// Index of the largest score, the lowest of equal ones; not-a-number counts as smallest.
  std::int64_t top1(std::size_t sample) const;
  /// Softmax of the row, or the row itself where it holds probabilities.
  double probability(std::size_t sample, std::int64_t cls) const;
  /// -log probability, computed from the logits without overflow.
  double crossEntropy(std::size_t sample, std::int64_t cls) const;
  /// Whether `cls` is among the `k` largest scores (ties by index).
  bool within(std::size_t sample, std::int64_t cls, std::size_t k) const;
};

/// `chosen` is Model::scoresOutput: where it names an output, that one is read, and no other. Throws
/// Error(Unsupported) where no output, or not the chosen one, can be read as scores.
ClassScores classScores(std::span<const Tensor> outputs, std::optional<std::size_t> chosen);

}  // namespace lapidary::core
