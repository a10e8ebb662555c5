// SPDX-License-Identifier: GPL-3.0-or-later
// Layer-wise relevance propagation: the score is handed down, each step sharing what it got among its inputs
// by their part in its output (Bach et al. 2015; Montavon et al. 2019).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// Epsilon rule: x J^T (R / z), z the output moved away from 0 by lrpEpsilon times its root mean square;
/// what biases and the epsilon swallow is the completeness error against the score. Summed over the channels.
///
/// The rule holds for every locally linear step (Conv, Gemm, MatMul, Add, BatchNormalization, averages);
/// steps that move values (Reshape, MaxPool, Gather, ...) move their relevance, functions of one element and
/// normalisations over features hand it on, a quotient gives it to the numerator, a product shares it equally
/// among its factors (Achtibat et al. 2024). Which operator does what stands in relevance_table.h. Throws
/// Error(Unsupported) naming an operator without a backward.
SaliencyMap relevanceEpsilonMap(const SaliencyTask& task);

/// The same, with the gamma rule where weights are constant (Conv, Gemm, MatMul): positive parts of the sums
/// count 1 + lrpGamma times where the output is positive, negative ones where it is negative.
SaliencyMap relevanceGammaMap(const SaliencyTask& task);

}  // namespace lapidary::core
