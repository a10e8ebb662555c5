// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/inputs/compensation.h"

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
