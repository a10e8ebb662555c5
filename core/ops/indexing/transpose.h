// SPDX-License-Identifier: GPL-3.0-or-later
// Permutes the axes of a tensor.
#pragma once

#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Axis i of the result is axis `permutation[i]` of the tensor, which must be a permutation of all axes.
/// Shares bytes where nothing moves.
Tensor transposed(const Tensor& tensor, const std::vector<std::size_t>& permutation);

std::vector<std::size_t> inversePermutation(const std::vector<std::size_t>& permutation);

}  // namespace lapidary::core
