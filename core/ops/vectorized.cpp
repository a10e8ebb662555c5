#include "core/ops/vectorized.h"

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
  float partial[lanes];
  std::fill_n(partial, lanes, -std::numeric_limits<float>::infinity());
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (std::int64_t lane = 0; lane < lanes; ++lane)
      partial[lane] = x[i + lane] > partial[lane] ? x[i + lane] : partial[lane];
  for (; i < count; ++i) partial[0] = std::max(partial[0], x[i]);
  return *std::max_element(partial, partial + lanes);
}

}  // namespace lapidary::core
