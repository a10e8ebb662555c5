// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/inputs/row_products.h"

#include <algorithm>

#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

constexpr std::size_t panel = 16;  ///< columns of the result that are summed at once, in two vectors
constexpr std::size_t tile = 4;    ///< rows that share what is read of the matrix

/// `count` rows times a panel of full width.
template <std::size_t count>
LAPIDARY_INLINE void multiplyPanel(const float* rows, const float* matrix, std::size_t columns, float* out) {
  Vector8 sums[count][2] = {};
  for (std::size_t c = 0; c < columns; ++c) {
    Vector8 low, high;
    std::memcpy(&low, matrix + c * columns, sizeof low);
    std::memcpy(&high, matrix + c * columns + 8, sizeof high);
    for (std::size_t r = 0; r < count; ++r) {
      const float factor = rows[r * columns + c];
      sums[r][0] += factor * low;
      sums[r][1] += factor * high;
    }
  }
  for (std::size_t r = 0; r < count; ++r) std::memcpy(out + r * columns, sums[r], sizeof sums[r]);
}

/// All rows times the panel of columns that starts at `at`.
LAPIDARY_VECTORIZED void multiplyPanels(const float* rows, const float* matrix, std::size_t count,
                                        std::size_t columns, std::size_t at, float* out) {
  std::size_t r = 0;
  for (; r + tile <= count; r += tile)
    multiplyPanel<tile>(rows + r * columns, matrix + at, columns, out + r * columns + at);
  for (; r < count; ++r) multiplyPanel<1>(rows + r * columns, matrix + at, columns, out + r * columns + at);
}

/// The last columns, too few for a panel.
LAPIDARY_VECTORIZED void multiplyRest(const float* rows, const float* matrix, std::size_t count,
                                      std::size_t columns, std::size_t at, float* out) {
  for (std::size_t r = 0; r < count; ++r) {
    float* __restrict to = out + r * columns;
    std::fill(to + at, to + columns, 0.0f);
    for (std::size_t c = 0; c < columns; ++c)
      for (std::size_t i = at; i < columns; ++i) to[i] += rows[r * columns + c] * matrix[c * columns + i];
  }
}

}  // namespace

std::vector<float> rowProducts(std::span<const float> rows, std::span<const float> matrix,
                               std::size_t columns) {
  std::vector<float> products(rows.size());
  const std::size_t count = columns == 0 ? 0 : rows.size() / columns;
  std::size_t at = 0;
  for (; at + panel <= columns; at += panel)
    multiplyPanels(rows.data(), matrix.data(), count, columns, at, products.data());
  if (at < columns) multiplyRest(rows.data(), matrix.data(), count, columns, at, products.data());
  return products;
}

}  // namespace lapidary::core
