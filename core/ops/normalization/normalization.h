// SPDX-License-Identifier: GPL-3.0-or-later
// The normalising operators; normalization.cpp lists them.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

std::vector<Activation> batchNormForward(const OpCall& call);
std::vector<Tensor> batchNormBackward(const BackwardCall& call);

std::vector<Activation> layerNormForward(const OpCall& call);
std::vector<Tensor> layerNormBackward(const BackwardCall& call);
std::vector<Activation> rmsNormForward(const OpCall& call);
std::vector<Tensor> rmsNormBackward(const BackwardCall& call);

std::vector<Activation> instanceNormForward(const OpCall& call);
std::vector<Tensor> instanceNormBackward(const BackwardCall& call);
std::vector<Activation> groupNormForward(const OpCall& call);
std::vector<Tensor> groupNormBackward(const BackwardCall& call);

std::vector<Activation> lrnForward(const OpCall& call);
std::vector<Activation> lpNormForward(const OpCall& call);
std::vector<Activation> meanVarianceNormForward(const OpCall& call);
std::vector<Tensor> lrnBackward(const BackwardCall& call);
std::vector<Tensor> lpNormBackward(const BackwardCall& call);
std::vector<Tensor> meanVarianceNormBackward(const BackwardCall& call);

/// Mean and 1 / sqrt(variance + epsilon) of contiguous floats, in two passes.
struct Moments {
  float mean, inverse;
};
Moments momentsOf(const float* x, std::int64_t count, float epsilon);

/// The epsilon of the node; throws Error where it is negative or not a number.
float epsilonOf(const Node& node, float fallback = 1e-5f);

/// Gradient of (x - mean) * inverse over one row with respect to x, where g is the gradient of the
/// normalised values: inverse (g - mean(g) - xhat mean(g xhat)).
void normalizedGradient(const float* x, const float* g, std::int64_t count, Moments moments, float* dx);

}  // namespace lapidary::core
