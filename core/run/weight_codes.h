// SPDX-License-Identifier: GPL-3.0-or-later
// The constants of a schedule that are 8-bit codes times a scale: what lets a layer run in integers.
#pragma once

#include "core/run/plan.h"

namespace lapidary::core {

/// By value; null where it has none. From the model's encodings, and from DequantizeLinear of constants.
/// Codes that do not give the value (an encoding that was left behind) are passed over.
std::vector<std::shared_ptr<const WeightCodes>> weightCodes(const Model& model, const Schedule& schedule,
                                                            const std::vector<Tensor>& values);

}  // namespace lapidary::core
