// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors of a file without a graph are no weights that a layer multiplies by: norms, biases,
// statistics, scales. In a model with a graph they are no layers; here names and shapes have to tell.
#pragma once

#include <string>
#include <string_view>

#include "core/model/model.h"

namespace lapidary::core {

/// Why a setting for all layers alike leaves the tensor of this name as it is.
Spared sparedTensor(const std::string& name, const Shape& shape, DType dtype);

/// "norm", "bias", ...; empty for none.
std::string_view name(Spared reason);

}  // namespace lapidary::core
