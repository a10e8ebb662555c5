// SPDX-License-Identifier: GPL-3.0-or-later
// The three transforms of F(4x4, 3x3) on eight channels at a time. Vectors are passed by reference:
// their calling convention differs between processors.
#pragma once

#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core::winograd {

constexpr int tileIn = 6, tileOut = 4, kernel = 3, products = tileIn * tileIn;

LAPIDARY_INLINE void load(Vector8& to, const float* from) { std::memcpy(&to, from, sizeof(to)); }
LAPIDARY_INLINE void store(float* to, const Vector8& from) { std::memcpy(to, &from, sizeof(from)); }

/// The points that are not 0 or infinity: +-a and +-b. These lose half as much by rounding as 1 and 2 do,
/// and their powers up to the fourth are exact.
constexpr float a = 0.625f, b = 1.5f, a2 = a * a, b2 = b * b;

/// One line of B^T d: six values, `step` apart, into six.
LAPIDARY_INLINE void inputLine(const Vector8* d, int step, Vector8* v) {
  const Vector8 evenA = d[4 * step] - b2 * d[2 * step], oddA = a * (d[3 * step] - b2 * d[step]);
  const Vector8 evenB = d[4 * step] - a2 * d[2 * step], oddB = b * (d[3 * step] - a2 * d[step]);
  v[0] = (a2 * b2) * d[0] - (a2 + b2) * d[2 * step] + d[4 * step];
  v[1 * step] = evenA + oddA;
  v[2 * step] = evenA - oddA;
  v[3 * step] = evenB + oddB;
  v[4 * step] = evenB - oddB;
  v[5 * step] = (a2 * b2) * d[step] - (a2 + b2) * d[3 * step] + d[5 * step];
}

/// One line of A^T m: six values into four.
LAPIDARY_INLINE void outputLine(const Vector8* m, Vector8* y) {
  const Vector8 sumA = m[1] + m[2], differenceA = m[1] - m[2];
  const Vector8 sumB = m[3] + m[4], differenceB = m[3] - m[4];
  y[0] = m[0] + sumA + sumB;
  y[1] = a * differenceA + b * differenceB;
  y[2] = a2 * sumA + b2 * sumB;
  y[3] = (a2 * a) * differenceA + (b2 * b) * differenceB + m[5];
}

/// One line of G g: three values, `step` apart, into six, `stepOut` apart.
LAPIDARY_INLINE void weightLine(const Vector8* g, int step, Vector8* u, int stepOut) {
  constexpr float shareA = 1 / (2 * a2 * (a2 - b2)), shareB = 1 / (2 * b2 * (b2 - a2));
  const Vector8 outerA = g[0] + a2 * g[2 * step], outerB = g[0] + b2 * g[2 * step];
  u[0] = (1 / (a2 * b2)) * g[0];
  u[1 * stepOut] = (outerA + a * g[step]) * shareA;
  u[2 * stepOut] = (outerA - a * g[step]) * shareA;
  u[3 * stepOut] = (outerB + b * g[step]) * shareB;
  u[4 * stepOut] = (outerB - b * g[step]) * shareB;
  u[5 * stepOut] = g[2 * step];
}

}  // namespace lapidary::core::winograd
