// SPDX-License-Identifier: GPL-3.0-or-later
// The inputs and outputs of a caller: tensors checked against the graph's declarations and brought to its
// types.
#pragma once

#include <span>

#include "core/model/model.h"

namespace lapidary::core {

/// The tensors as the operators compute with them: half types widened, other floating types and other
/// integer types converted to the declared one. Throws Error naming the input and what was expected.
std::vector<Tensor> acceptedInputs(const Graph& graph, std::span<const Tensor> inputs);

/// The tensor in the type that the graph declares for the value.
Tensor asDeclared(const Graph& graph, ValueId value, const Tensor& tensor);

}  // namespace lapidary::core
