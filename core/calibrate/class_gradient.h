// SPDX-License-Identifier: GPL-3.0-or-later
// The gradient of the cross-entropy at a model's output, whatever form the scores have.
#pragma once

#include "core/analyze/answers/class_scores.h"

namespace lapidary::core {

/// d(sum of -log p[label]) / d(output), Float32 in the output's `shape`: softmax minus one at the label;
/// where the rows hold probabilities, -1 / p there. One label a sample, of those that are classes (see
/// requireClass).
Tensor crossEntropyGradient(const ClassScores& scores, const Shape& shape,
                            std::span<const std::int64_t> labels);

/// Throws Error(InvalidInput) for a label that is no class of the scores.
void requireClass(const ClassScores& scores, std::int64_t label);

}  // namespace lapidary::core
