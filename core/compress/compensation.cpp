#include "core/compress/compensation.h"

#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void subtractFour(float* __restrict to, const float* __restrict a,
                                      const float* __restrict b, const float* __restrict c,
                                      const float* __restrict d, const float* factors, std::size_t count) {
  const float fa = factors[0], fb = factors[1], fc = factors[2], fd = factors[3];
  for (std::size_t i = 0; i < count; ++i) to[i] -= (fa * a[i] + fb * b[i]) + (fc * c[i] + fd * d[i]);
}

}  // namespace

LAPIDARY_VECTORIZED void subtract(float* __restrict to, const float* __restrict from, float factor,
                                  std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] -= factor * from[i];
}

void addRows(float* to, std::span<const float> matrix, const float* factors, std::size_t first,
             std::size_t count, std::size_t columns) {
  const float* rows = matrix.data() + first * columns;
  if (count == 4) {
    const float negated[] = {-factors[first], -factors[first + 1], -factors[first + 2], -factors[first + 3]};
    return subtractFour(to, rows, rows + columns, rows + 2 * columns, rows + 3 * columns, negated, columns);
  }
  for (std::size_t k = 0; k < count; ++k) subtract(to, rows + k * columns, -factors[first + k], columns);
}

void passOn(float* row, const float* errors, const InverseFactor& factor, std::size_t begin,
            std::size_t end) {
  const std::size_t count = factor.columns() - end;
  if (count == 0) return;
  std::size_t j = begin;
  for (; j + 4 <= end; j += 4)
    subtractFour(row + end, factor.row(j) + end, factor.row(j + 1) + end, factor.row(j + 2) + end,
                 factor.row(j + 3) + end, errors + j - begin, count);
  for (; j < end; ++j) subtract(row + end, factor.row(j) + end, errors[j - begin], count);
}

}  // namespace lapidary::core
