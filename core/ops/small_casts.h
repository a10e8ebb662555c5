// SPDX-License-Identifier: GPL-3.0-or-later
// Casts between element types, with what the standard says of floats of 8 bits and less.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

/// How numbers become powers of two, of which Float8E8M0 consists.
enum class PowerRounding { Up, Down, Nearest };

/// What the attributes `saturate` and `round_mode` of Cast and its like say.
struct CastRules {
  bool saturate = true;  ///< what is too large becomes the largest value, else an infinity or not a number
  PowerRounding powers = PowerRounding::Up;
};
/// Throws Error(InvalidInput) naming an attribute that is neither.
CastRules castRules(const Node& node);

/// The elements in another type; for whole numbers see whole_casts.h.
Tensor castTo(const Tensor& tensor, DType type, const CastRules& rules = {});

}  // namespace lapidary::core
