// SPDX-License-Identifier: GPL-3.0-or-later
// Rounding to codes so that a layer's output errs less than with every weight rounded to its nearest code.
#pragma once

#include <span>
#include <vector>

#include "core/compress/inputs/layer_inputs.h"
#include "core/compress/quantize/code_grid.h"

namespace lapidary::core {

/// Rows x columns, row-major, as a WeightMatrix gathers them.
struct RoundingTask {
  std::span<const float> weights;        ///< whose outputs are to be kept
  std::span<const std::uint8_t> pruned;  ///< 1: the code must mean zero; empty where nothing is pruned
  const WeightMatrix& matrix;
  const CodeGrid& grid;
  const LayerInputs& inputs;  ///< with the matrix X^T X

  bool mustBeZero(std::size_t row, std::size_t column) const {
    return !pruned.empty() && pruned[row * matrix.inputs + column] != 0;
  }
  std::size_t rowsOfGroup() const { return matrix.outputs / inputs.groups; }
};

/// Codes by GPTQ (Frantar et al. 2023): columns by falling input, in blocks, each error handed on to the
/// columns to come. What pruning takes away is handed on likewise. Throws Cancelled.
std::vector<std::int32_t> gptqCodes(const RoundingTask& task, const Progress& progress);

/// Codes whose sum over rows of (w - w')^T H (w - w'), the layer's squared output error (AdaRound; Nagel et
/// al. 2020, equation 14), no step of one code up or down lowers any more. AdaRound learns the steps by
/// gradient descent on a relaxation; here they are taken by coordinate descent on the same objective, which
/// needs no learning rate and ends at a minimum: from nearest rounding and from GPTQ, and the better of both
/// is kept, row by row. H is X^T X with one per cent of its mean diagonal added, so that directions that the
/// samples hardly show do not decide. Throws Cancelled.
std::vector<std::int32_t> adaptiveCodes(const RoundingTask& task, const Progress& progress);

}  // namespace lapidary::core
