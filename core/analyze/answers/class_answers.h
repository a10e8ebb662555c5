// SPDX-License-Identifier: GPL-3.0-or-later
// The log scores of classes that a model gives every sample of a dataset.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/analyze/answers/class_scores.h"
#include "core/data/dataset.h"

namespace lapidary::core {

/// By sample, in the dataset's own numbering.
struct ClassAnswers {
  std::vector<float> values;  ///< samples x classes
  std::size_t classes = 0;

  std::size_t samples() const { return classes == 0 ? 0 : values.size() / classes; }
  std::span<const float> row(std::size_t sample) const {
    return std::span(values).subspan(sample * classes, classes);
  }
  /// The class of the largest score of every sample, the lowest of equal ones.
  std::vector<std::int64_t> top1() const;
};

/// Scores before the softmax, or the logarithms of the probabilities that a model gives.
std::vector<float> logScores(const ClassScores& scores, std::size_t sample);

/// Runs all samples on up to `workers` threads. Throws Cancelled, and Error(Unsupported) where the model
/// cannot run or its outputs are no scores of classes.
ClassAnswers classAnswers(const Model& model, const Dataset& data, unsigned workers,
                          const std::stop_token& stop = {});

}  // namespace lapidary::core
