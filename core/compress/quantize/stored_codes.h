// SPDX-License-Identifier: GPL-3.0-or-later
// Where the codes of a layer's weight stand in a file, and where the nodes of the file put each of them.
#pragma once

#include <optional>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// A weight that nodes make of codes: a DequantizeLinear, with nothing but changes of layout around it.
struct StoredCodes {
  ValueId constant;         ///< an initialiser, or the output of a Constant node
  Tensor codes;             ///< as it holds them
  Tensor scale, zeroPoint;  ///< of the DequantizeLinear; the zero point is undefined where there is none
  std::int64_t blockSize = 0;
  Tensor indices;            ///< Int32, in the weight's shape: where in `codes` that of a weight stands
  std::vector<DType> types;  ///< to which the floats are rounded one after the other
  Tensor groups;             ///< Int32, likewise: where in `scale` that of a weight stands
  /// Whether nothing but this weight is made of the constant, and of all of it.
  bool ownsConstant = false;
};

/// Nothing where the weight is made in any other way, and where one of the values on the way to it was
/// replaced.
std::optional<StoredCodes> storedCodes(const Model& model, const Layer& layer);

}  // namespace lapidary::core
