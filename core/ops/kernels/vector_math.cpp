// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/vector_math.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core {
namespace {

// Choices between floats are made by comparing bit patterns as integers: a float comparison may trap,
// which keeps the compiler from turning the branch into a select and vectorising the loop.
LAPIDARY_INLINE std::int32_t magnitudeBits(float x) { return std::bit_cast<std::int32_t>(x) & 0x7fffffff; }

LAPIDARY_INLINE float choose(std::int32_t condition, float yes, float no) {
  const std::int32_t mask = -condition;
  const auto y = std::bit_cast<std::int32_t>(yes);
  const auto n = std::bit_cast<std::int32_t>(no);
  return std::bit_cast<float>((y & mask) | (n & ~mask));
}

LAPIDARY_INLINE float powerOfTwo(std::int32_t n) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(n + 127) << 23);
}

/// exp by reduction to |r| <= ln 2 / 2 and a polynomial of degree 6 (the classic Cephes coefficients).
LAPIDARY_INLINE float expOf(float x) {
  constexpr float shifter = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const std::int32_t magnitude = magnitudeBits(x);
  const float bounded = choose(magnitude > magnitudeBits(104.0f), std::copysign(104.0f, x), x);
  const float shifted = bounded * 1.44269504088896341f + shifter;
  const float whole = shifted - shifter;
  const float r = (bounded - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float y = p * r * r + r + 1.0f;
  const auto bits = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(shifter);
  const auto n = static_cast<std::int32_t>(bits << 16) >> 16;  // the exponent fits 16 bits
  const std::int32_t half = n >> 1;  // in two steps, so that neither power of two overflows
  return choose(magnitude > magnitudeBits(HUGE_VALF), x, y * powerOfTwo(half) * powerOfTwo(n - half));
}

LAPIDARY_INLINE float sigmoidOf(float x) { return 1.0f / (1.0f + expOf(-x)); }

LAPIDARY_INLINE float tanhOf(float x) {
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = p * z * x + x;
  const float magnitude = std::fabs(x);
  const float large = 1.0f - 2.0f / (expOf(2.0f * magnitude) + 1.0f);
  return choose(magnitudeBits(x) < magnitudeBits(0.625f), small, std::copysign(large, x));
}

/// A rational function of x^2, fitted by least squares to an error of 2e-8 where |x| <= 3.92; beyond it erf
/// rounds to 1.
LAPIDARY_INLINE void erfOf(Vector8& x) {
  constexpr float p[] = {1.1283791065216064f,    0.1903938353061676f,    5.2746858447790146e-2f,
                         3.7650272715836763e-3f, 2.8486159862950444e-4f, 2.050078819593182e-6f};
  constexpr float q[] = {1.0f,
                         0.5020648837089539f,
                         0.11410371959209442f,
                         1.496803481131792e-2f,
                         1.1623782338574529e-3f,
                         3.809052941505797e-5f};
  const Vector8 none{}, end = none + 3.92f, one = none + 1.0f;
  x = x > end ? end : x;
  x = x < -end ? -end : x;
  const Vector8 z = x * x;
  Vector8 above = none + p[5], below = none + q[5];
  for (int i = 4; i >= 0; --i) {
    above = above * z + p[i];
    below = below * z + q[i];
  }
  x *= above / below;
  x = x > one ? one : x;
  x = x < -one ? -one : x;
}

}  // namespace

LAPIDARY_VECTORIZED void expArray(const float* from, float* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = expOf(from[i]);
}

LAPIDARY_VECTORIZED void sigmoidArray(const float* from, float* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = sigmoidOf(from[i]);
}

LAPIDARY_VECTORIZED void tanhArray(const float* from, float* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] = tanhOf(from[i]);
}

LAPIDARY_VECTORIZED void erfArray(const float* from, float* to, std::size_t count) {
  mapVectors<Vector8>(from, to, static_cast<std::int64_t>(count), [](const Vector8& x, Vector8& y) {
    y = x;
    erfOf(y);
  });
}

LAPIDARY_VECTORIZED void geluArray(const float* from, float* to, std::size_t count) {
  mapVectors<Vector8>(from, to, static_cast<std::int64_t>(count), [](const Vector8& x, Vector8& y) {
    y = x * 0.70710678118654752f;
    erfOf(y);
    y = 0.5f * x * (1.0f + y);
  });
}

}  // namespace lapidary::core
