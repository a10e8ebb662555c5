// SPDX-License-Identifier: GPL-3.0-or-later
// The integers in which a file already holds a weight, kept where an edit only prunes.
#pragma once

#include "core/model/model.h"

namespace lapidary::core {

/// The codes of a weight that comes straight from a DequantizeLinear of constants, one scale per tensor or
/// per channel; null for any other. `values` of the weight are those that the codes stand for.
std::shared_ptr<const WeightEncoding> storedEncoding(const Model& model, const Layer& layer);

/// The same with the zero point as the code of every weight that is zero in `values`: all others keep
/// code and scale, hence their value to the last bit.
std::shared_ptr<const WeightEncoding> withZeros(const WeightEncoding& encoding, const Tensor& values);

}  // namespace lapidary::core
