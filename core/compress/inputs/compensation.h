// SPDX-License-Identifier: GPL-3.0-or-later
// Settles the weights of a layer column by column, while the columns to come make up for what is lost.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "core/compress/inputs/inverse_factor.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// Columns settled together before the rest of the matrix hears of it, at most.
constexpr std::size_t compensationBlock = 128;

/// to[i] -= factor * from[i].
void subtract(float* to, const float* from, float factor, std::size_t count);
/// The columns from `end` on of one row, after those of [begin, end) were settled with these errors.
void passOn(float* row, const float* errors, const InverseFactor& factor, std::size_t begin, std::size_t end);

/// The optimal brain surgeon of GPTQ and SparseGPT (Frantar et al. 2023) with lazy blocks. `work`: rows x
/// columns in the factor's order, overwritten by what was settled. `onBlock(begin, end)` is called before the
/// columns of a block, with all earlier ones settled and made up for; `settle(row, column, values)` gives the
/// final value of values[column], where `values` is the row as it is by then. Blocks are of a multiple of
/// `unit` columns, 1 to compensationBlock.
template <class OnBlock, class Settle>
void compensate(const InverseFactor& factor, std::span<float> work, std::size_t unit,
                const Progress& progress, OnBlock&& onBlock, Settle&& settle) {
  const std::size_t columns = factor.columns(), rows = columns == 0 ? 0 : work.size() / columns;
  const std::size_t block = compensationBlock / unit * unit;
  std::vector<float> errors(rows * block);
  for (std::size_t begin = 0; begin < columns; begin += block) {
    progress.check();
    const std::size_t end = std::min(columns, begin + block);
    onBlock(begin, end);
    for (std::size_t r = 0; r < rows; ++r) {
      float* row = work.data() + r * columns;
      for (std::size_t j = begin; j < end; ++j) {
        const float value = settle(r, j, row), error = (row[j] - value) / factor.row(j)[j];
        row[j] = value;
        errors[r * block + j - begin] = error;
        if (error != 0) subtract(row + j + 1, factor.row(j) + j + 1, error, end - j - 1);
      }
      passOn(row, errors.data() + r * block, factor, begin, end);
    }
  }
}

}  // namespace lapidary::core
