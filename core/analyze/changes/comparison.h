// SPDX-License-Identifier: GPL-3.0-or-later
// The samples that a cut lost and gained, and which classes are taken for which.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/analyze/answers/predictions.h"
#include "core/analyze/reliability.h"

namespace lapidary::core {

class Dataset;

/// Top-1 and its probability for one sample.
struct Prediction {
  std::int64_t top1 = -1;
  double probability = 0;       ///< of top-1 (softmax of the logits, or the output itself if it sums to 1)
  double truthProbability = 0;  ///< of the label, where labelled
};

/// One sample whose answer the cut changed.
struct ChangedSample {
  std::size_t sample = 0;
  std::int64_t truth = -1;  ///< -1 without labels
  Prediction original, cut;
};

struct Comparison {
  std::size_t samples = 0;
  std::vector<ChangedSample> lost;     ///< right before, wrong now (without labels: all that changed)
  std::vector<ChangedSample> gained;   ///< wrong before, right now
  std::vector<ChangedSample> changed;  ///< both wrong, differently
  /// Rows truth (without labels the original's answer), columns the cut's answer; classes x classes.
  std::vector<std::int64_t> confusion;
  std::vector<std::int64_t> originalConfusion;
  std::size_t classes = 0;
  /// With labels: how far probabilities can be believed.
  std::optional<Reliability> reliability, originalReliability;
};

/// Of the answers to a prefix of the order; nothing without labels.
std::optional<Reliability> reliabilityOf(const Dataset& data, const Predictions& predictions);

/// Over the samples of `cut`; `original` holds at least as many. Samples stand in the dataset's order.
Comparison comparisonOf(const Dataset& data, const Predictions& original, const Predictions& cut);

}  // namespace lapidary::core
