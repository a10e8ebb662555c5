// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of weights, or of their errors, times the square matrix of a layer's inputs.
#pragma once

#include <span>
#include <vector>

namespace lapidary::core {

/// rows (any number, row-major, each of `columns`) times matrix (columns x columns). The result of a row does
/// not depend on the others.
std::vector<float> rowProducts(std::span<const float> rows, std::span<const float> matrix,
                               std::size_t columns);

}  // namespace lapidary::core
