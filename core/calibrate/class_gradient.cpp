// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/class_gradient.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

void addGradient(const ClassScores& scores, std::size_t sample, std::int64_t label,
                 std::span<float> gradient) {
  if (scores.probabilities) {
    const double p = std::max(scores.probability(sample, label), 1e-12);
    gradient[scores.indexOf(sample, label)] = static_cast<float>(-1 / p);
    return;
  }
  const double own = scores.values[scores.indexOf(sample, label)],
               below = scores.crossEntropy(sample, label);  // the logarithm of the sum, less the own score
  for (std::int64_t c = 0; c < static_cast<std::int64_t>(scores.classes); ++c) {
    const std::size_t at = scores.indexOf(sample, c);
    gradient[at] =
        static_cast<float>(std::exp(static_cast<double>(scores.values[at]) - own - below) - (c == label));
  }
}

}  // namespace

Tensor crossEntropyGradient(const ClassScores& scores, const Shape& shape,
                            std::span<const std::int64_t> labels) {
  TensorBuilder builder(DType::Float32, shape);
  const auto gradient = builder.as<float>();
  std::ranges::fill(gradient, 0.0f);
  for (std::size_t sample = 0; sample < scores.samples; ++sample)
    addGradient(scores, sample, labels[sample], gradient);
  return std::move(builder).build();
}

void requireClass(const ClassScores& scores, std::int64_t label) {
  if (label < 0 || static_cast<std::size_t>(label) >= scores.classes)
    throw Error(ErrorKind::InvalidInput, "label " + std::to_string(label) + " is not among the model's " +
                                             std::to_string(scores.classes) + " classes");
}

}  // namespace lapidary::core
