// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/inputs/compensation.h"
#include "core/compress/quantize/rounding.h"

namespace lapidary::core {

std::vector<std::int32_t> gptqCodes(const RoundingTask& task, const Progress& progress) {
  const std::size_t columns = task.matrix.inputs, rows = task.rowsOfGroup();
  std::vector<std::int32_t> codes(task.matrix.outputs * columns);
  std::vector<float> work(rows * columns);
  for (std::size_t g = 0; g < task.inputs.groups; ++g) {
    const auto factor = task.inputs.factorOf(g, ColumnOrder::Falling);
    const std::size_t first = g * rows;
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t j = 0; j < columns; ++j)
        work[r * columns + j] = task.weights[(first + r) * columns + factor->order[j]];
    compensate(
        *factor, work, 1, progress, [](std::size_t, std::size_t) {},
        [&](std::size_t r, std::size_t j, const float* values) {
          const std::size_t row = first + r, column = factor->order[j];
          std::int32_t& code = codes[row * columns + column];
          code = task.mustBeZero(row, column) ? task.grid.zeroAt(row, column)
                                              : task.grid.nearest(row, column, values[j]);
          return task.grid.valueOf(row, column, code);
        });
  }
  return codes;
}

}  // namespace lapidary::core
