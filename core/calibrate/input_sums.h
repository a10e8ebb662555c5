// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over the rows of a layer's inputs, tile by tile.
#pragma once

#include "core/calibrate/input_columns.h"
#include "core/compress/inputs/layer_inputs.h"

namespace lapidary::core {

/// Columns [first, last) of one group: their sums, and their rows of the matrix X^T X from `first` on. Parts
/// are summed by different threads; every number is the sum of its tiles in order.
struct InputPart {
  std::size_t group = 0, first = 0, last = 0;
};

/// Cuts what is to be summed into parts of about equal work.
std::vector<InputPart> partsOf(const InputColumns& columns, InputDetail detail);

/// An empty sum of the right sizes.
std::shared_ptr<LayerInputs> emptyInputs(const InputColumns& columns, InputDetail detail);

/// The bytes that they and the factors made of them will take.
std::size_t expectedBytes(const InputColumns& columns, InputDetail detail);

/// Adds the rows of `x` to a part. Float32 within a tile, sums of tiles in double (the matrix in Float32).
void addRows(const InputColumns& columns, const Tensor& x, const InputPart& part, LayerInputs& sums);

/// Once all rows are added: counts of rows, and the lower half of the matrix, which nobody summed.
void finishInputs(LayerInputs& sums);

}  // namespace lapidary::core
