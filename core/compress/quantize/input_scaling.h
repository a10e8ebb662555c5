// SPDX-License-Identifier: GPL-3.0-or-later
// Scaling a weight's inputs before it is rounded, so that those that carry most are rounded finest.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/compress/inputs/layer_inputs.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// s_j = (mean |x_j|)^alpha, divided by the geometric mean of the greatest and the least, one for every input
/// (the mean over the groups of a convolution); 1 for inputs that are always zero. AWQ (Lin et al. 2023).
std::vector<float> inputScales(const LayerInputs& inputs, double alpha);

/// Each column of the matrix times its factor.
std::vector<float> scaledColumns(const WeightMatrix& matrix, std::span<const float> weights,
                                 std::span<const float> factors);

/// Gives what calibration would have learnt of inputs that were divided by the scales.
std::shared_ptr<const LayerInputs> dividedInputs(const LayerInputs& inputs, std::span<const float> scales);

/// The scales of the alpha among 0, 0.05, ... 1 for which `rounded` (the weights after scaling, rounding, and
/// scaling back) errs least in its outputs. Throws Cancelled.
std::vector<float> bestInputScales(
    const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> weights,
    const std::function<std::vector<float>(std::span<const float> scales)>& rounded,
    const Progress& progress);

}  // namespace lapidary::core
