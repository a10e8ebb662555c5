// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/vector_sums.h"

#include <algorithm>
#include <limits>

namespace lapidary::core {
namespace {

constexpr std::int64_t lanes = 8;

float total(const float* partial) {
  return ((partial[0] + partial[4]) + (partial[2] + partial[6])) +
         ((partial[1] + partial[5]) + (partial[3] + partial[7]));
}

}  // namespace

LAPIDARY_VECTORIZED float sumOf(const float* x, std::int64_t count) {
  float partial[lanes] = {};
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane) partial[lane] += x[i + lane];
  for (; i < count; ++i) partial[i % lanes] += x[i];
  return total(partial);
}

LAPIDARY_VECTORIZED float squaresAround(const float* x, std::int64_t count, float mean) {
  float partial[lanes] = {};
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane)
      partial[lane] += (x[i + lane] - mean) * (x[i + lane] - mean);
  for (; i < count; ++i) partial[i % lanes] += (x[i] - mean) * (x[i] - mean);
  return total(partial);
}

LAPIDARY_VECTORIZED float dotOf(const float* x, const float* y, std::int64_t count) {
  float partial[lanes] = {};
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane) partial[lane] += x[i + lane] * y[i + lane];
  for (; i < count; ++i) partial[i % lanes] += x[i] * y[i];
  return total(partial);
}

LAPIDARY_VECTORIZED float maxOf(const float* x, std::int64_t count) {
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  Vector8 best = Vector8{} + lowest;
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    Vector8 value;
    std::memcpy(&value, x + i, sizeof(value));
    best = value > best ? value : best;
  }
  float result = lowest;
  for (std::int64_t lane = 0; lane < lanes; ++lane) result = std::max(result, best[lane]);
  for (; i < count; ++i) result = std::max(result, x[i]);
  return result;
}

}  // namespace lapidary::core
