// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/class_slopes.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

void addSlopes(const ClassScores& scores, std::size_t sample, std::int64_t label, std::span<float> slopes) {
  if (scores.probabilities) {
    const double p = std::max(scores.probability(sample, label), 1e-12);
    slopes[scores.indexOf(sample, label)] = static_cast<float>(-1 / p);
    return;
  }
  const double own = scores.values[scores.indexOf(sample, label)],
               below = scores.crossEntropy(sample, label);  // the logarithm of the sum, less the own score
  for (std::int64_t c = 0; c < static_cast<std::int64_t>(scores.classes); ++c) {
    const std::size_t at = scores.indexOf(sample, c);
    slopes[at] =
        static_cast<float>(std::exp(static_cast<double>(scores.values[at]) - own - below) - (c == label));
  }
}

}  // namespace

Tensor crossEntropySlopes(const ClassScores& scores, const Shape& shape,
                          std::span<const std::int64_t> labels) {
  TensorBuilder builder(DType::Float32, shape);
  const auto slopes = builder.as<float>();
  std::ranges::fill(slopes, 0.0f);
  for (std::size_t sample = 0; sample < scores.samples; ++sample)
    addSlopes(scores, sample, labels[sample], slopes);
  return std::move(builder).build();
}

void requireClass(const ClassScores& scores, std::int64_t label) {
  if (label < 0 || static_cast<std::size_t>(label) >= scores.classes)
    throw Error(ErrorKind::InvalidInput, "label " + std::to_string(label) + " is none of the model's " +
                                             std::to_string(scores.classes) + " classes");
}

}  // namespace lapidary::core
