// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of a model for each sample of a dataset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lapidary::core {

struct SamplePrediction {
  std::int64_t top1 = -1;
  double probability = 0;       ///< of top-1: softmax of the logits, or the output itself if it sums to 1
  double truthProbability = 0;  ///< of the label, where labelled
  double loss = 0;              ///< -log truthProbability
  bool top5 = false;            ///< the label is among the five largest scores
  bool operator==(const SamplePrediction&) const = default;
};

/// By index in Dataset::order(), a prefix of it.
struct Predictions {
  std::size_t classes = 0;
  std::vector<SamplePrediction> samples;
};

}  // namespace lapidary::core
