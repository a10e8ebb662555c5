// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/value_ranges.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// The notes that are kept beside ranges: the bits of the greatest magnitude, which order like the numbers
/// and put infinities and not-a-numbers last, and a mark of all bits where there was a zero.
struct Notes {
  Integer8 greatest{}, zeros{};

  void add(std::int32_t bits) {
    greatest[0] = std::max(greatest[0], bits);
    zeros[0] |= bits == 0;
  }
};

/// The vector with its halves, quarters or neighbours exchanged.
template <int by>
LAPIDARY_INLINE void exchange(const Vector8& v, Vector8& exchanged) {
  exchanged = __builtin_shufflevector(v, v, 0 ^ by, 1 ^ by, 2 ^ by, 3 ^ by, 4 ^ by, 5 ^ by, 6 ^ by, 7 ^ by);
}

/// Widens every lane by the one `by` lanes away.
template <int by>
LAPIDARY_INLINE void halve(Vector8& lows, Vector8& highs) {
  Vector8 low, high;
  exchange<by>(lows, low);
  exchange<by>(highs, high);
  lows = low < lows ? low : lows;
  highs = high > highs ? high : highs;
}

/// Widens low and high by a run, eight partial results at a time; infinities of the far side stand for zeros
/// that do not count.
template <bool skipZeros>
LAPIDARY_INLINE void widen(const float* v, std::size_t length, float& low, float& high, Notes& notes) {
  constexpr std::size_t width = 8;
  Vector8 lows = Vector8{} + infinity, highs = Vector8{} - infinity, x;
  Integer8 greatest = notes.greatest, zeros = notes.zeros, bits;
  std::size_t i = 0;
  for (; i + width <= length; i += width) {
    std::memcpy(&x, v + i, sizeof(x));
    std::memcpy(&bits, v + i, sizeof(bits));
    bits &= 0x7fffffff;
    greatest = bits > greatest ? bits : greatest;
    zeros |= bits == 0;
    const Vector8 small = skipZeros ? (x == 0.0f ? Vector8{} + infinity : x) : x;
    const Vector8 large = skipZeros ? (x == 0.0f ? Vector8{} - infinity : x) : x;
    lows = small < lows ? small : lows;
    highs = large > highs ? large : highs;
  }
  notes.greatest = greatest, notes.zeros = zeros;
  halve<4>(lows, highs), halve<2>(lows, highs), halve<1>(lows, highs);
  low = std::min(low, lows[0]), high = std::max(high, highs[0]);
  for (; i < length; ++i) {
    notes.add(std::bit_cast<std::int32_t>(v[i]) & 0x7fffffff);
    if (skipZeros && v[i] == 0.0f) continue;
    low = std::min(low, v[i]), high = std::max(high, v[i]);
  }
}

LAPIDARY_VECTORIZED void widenByRun(const float* v, std::size_t length, bool skipZeros, float& low,
                                    float& high, Notes& notes) {
  skipZeros ? widen<true>(v, length, low, high, notes) : widen<false>(v, length, low, high, notes);
}

/// A run whose element i is of group i.
LAPIDARY_VECTORIZED void widenByRow(const float* __restrict v, std::size_t length, bool skipZeros,
                                    float* __restrict low, float* __restrict high, Notes& notes) {
  std::int32_t greatest = 0, zeros = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(v[i]) & 0x7fffffff;
    greatest = bits > greatest ? bits : greatest;
    zeros |= bits == 0;
    const bool counts = !(skipZeros && v[i] == 0.0f);
    const float small = counts ? v[i] : infinity, large = counts ? v[i] : -infinity;
    low[i] = small < low[i] ? small : low[i];
    high[i] = large > high[i] ? large : high[i];
  }
  notes.greatest[0] = std::max(notes.greatest[0], greatest), notes.zeros[0] |= zeros;
}

Ranges ranges(std::span<const float> values, const ScaleGroups& groups, bool skipZeros, Notes& notes) {
  Ranges r{std::vector<float>(groups.count(), infinity), std::vector<float>(groups.count(), -infinity)};
  groups.forEachRun([&](std::size_t begin, std::size_t length, std::size_t group, auto perElement) {
    if constexpr (perElement())
      widenByRow(values.data() + begin, length, skipZeros, r.low.data() + group, r.high.data() + group,
                 notes);
    else
      widenByRun(values.data() + begin, length, skipZeros, r.low[group], r.high[group], notes);
  });
  return r;
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
  Notes notes;
  return ranges(values, groups, skipZeros, notes);
}

Survey surveyOf(std::span<const float> values, const ScaleGroups& groups) {
  Notes notes;
  Survey survey{ranges(values, groups, false, notes)};
  for (std::size_t lane = 0; lane < 8; ++lane) {
    survey.finite = survey.finite && notes.greatest[lane] < std::bit_cast<std::int32_t>(infinity);
    survey.zeros = survey.zeros || notes.zeros[lane] != 0;
  }
  return survey;
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
