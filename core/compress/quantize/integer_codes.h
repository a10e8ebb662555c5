// SPDX-License-Identifier: GPL-3.0-or-later
// Weights to integer codes and back to what the codes mean, for codes in even steps.
#pragma once

#include <span>

#include "core/compress/quantize/code_parameters.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// The type of the codes of a scheme with even steps, or of Binary and Ternary.
DType codeType(const Quantize& quantize);

/// Codes of the values to the nearest, as Scheme says, in `shape`; replaces the values by what the codes
/// mean.
Tensor encodeNearest(std::span<float> values, const Shape& shape, const ScaleGroups& groups,
                     const Quantize& quantize, const Parameters& parameters);

}  // namespace lapidary::core
