// SPDX-License-Identifier: GPL-3.0-or-later
// The constant that is added to a layer's output, which can make up for a mean error.
#pragma once

#include "core/model/model.h"

namespace lapidary::core {

/// To shift output o by d, add d * factor to element o of the constant.
struct BiasConstant {
  ValueId value;
  double factor = 1;
};

/// The layer's own bias, or the mean of a BatchNormalization that alone reads its output. Throws
/// Error(Unsupported) where there is neither, where others read the constant too, or where it has not one
/// element for every output.
BiasConstant biasConstantOf(const Model& model, const Layer& layer);

/// The constant with `shift[o]` added to the layer's output o; Float32, in the constant's shape.
Tensor shiftedBias(const Model& model, const BiasConstant& constant, const std::vector<double>& shift);

}  // namespace lapidary::core
