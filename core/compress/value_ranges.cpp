#include "core/compress/value_ranges.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Widens low and high by a run, eight partial results at a time; infinities of the far side stand for zeros
/// that do not count.
template <bool skipZeros>
LAPIDARY_INLINE void widen(const float* v, std::size_t length, float& low, float& high) {
  constexpr std::size_t width = 8;
  Vector8 lows = Vector8{} + infinity, highs = Vector8{} - infinity, x;
  std::size_t i = 0;
  for (; i + width <= length; i += width) {
    std::memcpy(&x, v + i, sizeof(x));
    const Vector8 small = skipZeros ? (x == 0.0f ? Vector8{} + infinity : x) : x;
    const Vector8 large = skipZeros ? (x == 0.0f ? Vector8{} - infinity : x) : x;
    lows = small < lows ? small : lows;
    highs = large > highs ? large : highs;
  }
  for (std::size_t lane = 0; lane < width; ++lane)
    low = std::min(low, lows[lane]), high = std::max(high, highs[lane]);
  for (; i < length; ++i) {
    if (skipZeros && v[i] == 0.0f) continue;
    low = std::min(low, v[i]), high = std::max(high, v[i]);
  }
}

LAPIDARY_VECTORIZED void widenByRun(const float* v, std::size_t length, bool skipZeros, float& low,
                                    float& high) {
  skipZeros ? widen<true>(v, length, low, high) : widen<false>(v, length, low, high);
}

/// A run whose element i is of group i.
LAPIDARY_VECTORIZED void widenByRow(const float* __restrict v, std::size_t length, bool skipZeros,
                                    float* __restrict low, float* __restrict high) {
  for (std::size_t i = 0; i < length; ++i) {
    const bool counts = !(skipZeros && v[i] == 0.0f);
    const float small = counts ? v[i] : infinity, large = counts ? v[i] : -infinity;
    low[i] = small < low[i] ? small : low[i];
    high[i] = large > high[i] ? large : high[i];
  }
}

LAPIDARY_VECTORIZED std::int64_t notFinite(const float* v, std::size_t length) {
  std::int64_t bad = 0;
  for (std::size_t i = 0; i < length;) {
    const std::size_t end = std::min(length, i + 65536);
    std::int32_t here = 0;
    for (; i < end; ++i) here += !(std::fabs(v[i]) <= std::numeric_limits<float>::max());
    bad += here;
  }
  return bad;
}

}  // namespace

std::int64_t countNotFinite(std::span<const float> values) { return notFinite(values.data(), values.size()); }

Ranges rangesOf(std::span<const float> values, const ScaleGroups& groups, bool skipZeros) {
  Ranges r{std::vector<float>(groups.count(), infinity), std::vector<float>(groups.count(), -infinity)};
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    if constexpr (perElement())
      widenByRow(values.data() + begin, length, skipZeros, r.low.data() + group, r.high.data() + group);
    else
      widenByRun(values.data() + begin, length, skipZeros, r.low[group], r.high[group]);
  });
  return r;
}

Magnitudes magnitudesOf(std::span<const float> values, const ScaleGroups& groups) {
  Magnitudes m{std::vector<double>(groups.count()), std::vector<std::int64_t>(groups.count())};
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t g = group + (perElement() ? i : 0);
      m.sum[g] += static_cast<double>(std::fabs(values[begin + i]));
      m.count[g] += values[begin + i] != 0.0f;
    }
  });
  return m;
}

}  // namespace lapidary::core
