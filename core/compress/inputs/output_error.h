// SPDX-License-Identifier: GPL-3.0-or-later
// How much the output of a layer errs when its weights are changed, from what calibration learnt of its
// inputs.
#pragma once

#include <span>

#include "core/compress/inputs/layer_inputs.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {

/// ||X W^T||^2 over the calibration samples, for a row-major W; `withoutMean`: of the outputs less their
/// means.
double outputPower(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> weights,
                   bool withoutMean);

/// ||X (W - W')^T||^2 over the calibration samples, both row-major; with `correctedMean` the bias has taken
/// up the mean error of every output.
double outputNoise(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> before,
                   std::span<const float> after, bool correctedMean);

/// The same over ||X W^T||^2. 0 where the layer puts out nothing but zeros.
double outputError(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> before,
                   std::span<const float> after, bool correctedMean);

}  // namespace lapidary::core
