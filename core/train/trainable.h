// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a model that a training may change.
#pragma once

#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// Weights and biases: Float32 initialisers of more than one element, in the order of the graph. The
/// statistics of a batch normalisation are not among them.
std::vector<ValueId> trainableValues(const Model& model);

}  // namespace lapidary::core
