// SPDX-License-Identifier: GPL-3.0-or-later
// Weights as row-major matrices of outputs x inputs, and back to where they lie in their tensors.
#pragma once

#include <span>
#include <vector>

#include "core/model/weight_matrix.h"

namespace lapidary::core {

template <class T>
std::vector<T> gathered(const WeightMatrix& matrix, std::span<const T> stored) {
  if (!matrix.inputsFirst) return {stored.begin(), stored.end()};
  std::vector<T> rows(stored.size());
  for (std::size_t i = 0; i < matrix.inputs; ++i)
    for (std::size_t o = 0; o < matrix.outputs; ++o)
      rows[o * matrix.inputs + i] = stored[i * matrix.outputs + o];
  return rows;
}

template <class T, class Out>
void scatter(const WeightMatrix& matrix, const std::vector<T>& rows, Out* stored) {
  for (std::size_t o = 0; o < matrix.outputs; ++o)
    for (std::size_t i = 0; i < matrix.inputs; ++i)
      stored[matrix.indexOf(o, i)] = static_cast<Out>(rows[o * matrix.inputs + i]);
}

}  // namespace lapidary::core
