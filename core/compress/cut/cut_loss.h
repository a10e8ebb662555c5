// SPDX-License-Identifier: GPL-3.0-or-later
// The loss that a cut does to a weight.
#pragma once

#include "core/compress/cut/cut_weight.h"

namespace lapidary::core {

/// A cut of `before` into these values, with its zeros and its signal-to-noise ratio counted.
CutWeight countedCut(const Tensor& before, Tensor values, std::shared_ptr<const WeightEncoding> encoding);

}  // namespace lapidary::core
