// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/weight_range_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/compress/quantize/divergence.h"
#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

constexpr int candidates = 100;
constexpr double outside = 1e-4;

bool isSymmetric(Scheme scheme) { return scheme != Scheme::Affine && scheme != Scheme::MinMax; }

/// Codes k = round(v * a + b) within [low, high], of the value k * scale + offset.
struct Steps {
  float a, b, low, high, scale, offset;
  std::int32_t mask;

  Steps(const Quantize& quantize, const CodeLimits& limits, const GroupCodes& codes)
      : a(1 / codes.scale), b(0), scale(codes.scale), offset(0), mask(limits.mask) {
    low = static_cast<float>(limits.least), high = static_cast<float>(limits.most);
    if (quantize.scheme == Scheme::Affine)
      low -= static_cast<float>(codes.zero), high -= static_cast<float>(codes.zero);
    if (quantize.scheme != Scheme::MinMax) return;
    low = 0, high = static_cast<float>(limits.most - limits.least);
    b = static_cast<float>(-codes.low / static_cast<double>(codes.scale));
    offset = static_cast<float>(codes.low);
  }
};

template <bool masked>
LAPIDARY_INLINE float errorOfBlock(const float* v, std::size_t length, const Steps& steps) {
  constexpr std::size_t lanes = 8;
  constexpr float whole = 12582912.0f;  // adding 1.5 * 2^23 leaves no fraction bits
  const Steps s = steps;
  Vector8 sum{}, x, squares;
  const auto add = [&](const Vector8& value, Vector8& result) __attribute__((always_inline)) {
    Vector8 level = value * s.a + s.b;
    level = level < s.low ? Vector8{} + s.low : level > s.high ? Vector8{} + s.high : level;
    level = (level + whole) - whole;
    if (masked) {
      const auto exact = __builtin_convertvector(level, Integer8);
      const auto sign = exact >> 31;
      const auto kept = ((exact ^ sign) - sign) & s.mask;
      level = __builtin_convertvector((kept ^ sign) - sign, Vector8);
    }
    const Vector8 error = level * s.scale + s.offset - value;
    result = error * error;
  };
  std::size_t i = 0;
  for (; i + lanes <= length; i += lanes) {
    std::memcpy(&x, v + i, sizeof(x));
    add(x, squares);
    sum += squares;
  }
  float total = 0;
  if (i < length) {
    x = Vector8{};
    std::memcpy(&x, v + i, (length - i) * sizeof(float));
    add(x, squares);
    for (std::size_t lane = 0; lane < length - i; ++lane) total += squares[lane];
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) total += sum[lane];
  return total;
}

LAPIDARY_VECTORIZED float blockError(const float* v, std::size_t length, const Steps& steps) {
  return steps.mask == -1 ? errorOfBlock<false>(v, length, steps) : errorOfBlock<true>(v, length, steps);
}

/// Gives up with a sum above `enough`.
double errorUpTo(std::span<const float> weights, const Steps& steps, double enough) {
  constexpr std::size_t block = 1024;
  double sum = 0;
  for (std::size_t at = 0; at < weights.size() && sum <= enough; at += block)
    sum += blockError(weights.data() + at, std::min(block, weights.size() - at), steps);
  return sum;
}

WeightRange minMax(std::span<const float> weights, bool symmetric) {
  const Ranges ranges = rangesOf(weights, ScaleGroups::single(weights.size()), false);
  if (!symmetric || !(ranges.low[0] <= ranges.high[0])) return {ranges.low[0], ranges.high[0]};
  const float largest = std::max(std::fabs(ranges.low[0]), std::fabs(ranges.high[0]));
  return {-largest, largest};
}

/// The range's share around a point that it keeps.
WeightRange shrunk(const WeightRange& range, float centre, int candidate) {
  const double share = static_cast<double>(candidate) / candidates, c = static_cast<double>(centre);
  const auto end = [&](float value) {
    return static_cast<float>(c + (static_cast<double>(value) - c) * share);
  };
  return {end(range.low), end(range.high)};
}

float centreOf(std::span<const float> weights, Scheme scheme) {
  if (scheme != Scheme::MinMax) return 0;
  double sum = 0;
  for (const float w : weights) sum += static_cast<double>(w);
  return static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(1, weights.size())));
}

WeightRange percentile(std::span<const float> weights, bool symmetric) {
  std::vector<float> values(weights.begin(), weights.end());
  if (symmetric) std::ranges::transform(values, values.begin(), [](float w) { return std::fabs(w); });
  const auto each =
      static_cast<std::ptrdiff_t>(outside * (symmetric ? 1 : 0.5) * static_cast<double>(values.size()));
  std::ranges::nth_element(values, values.end() - 1 - each);
  const float high = values[values.size() - 1 - static_cast<std::size_t>(each)];
  if (symmetric) return {-high, high};
  std::ranges::nth_element(values, values.begin() + each);
  return {values[static_cast<std::size_t>(each)], high};
}

WeightRange leastSquares(std::span<const float> weights, const Quantize& quantize, const CodeLimits& limits,
                         const WeightRange& all) {
  const float centre = centreOf(weights, quantize.scheme);
  WeightRange best = all;
  double least = std::numeric_limits<double>::infinity();
  float before = 0;
  for (int c = candidates; c > 0; --c) {
    const WeightRange range = shrunk(all, centre, c);
    const GroupCodes codes = groupCodes(quantize, limits, range.low, range.high);
    if (quantize.scheme == Scheme::PowerOfTwo && codes.scale == before) continue;
    before = codes.scale;
    const double error = errorUpTo(weights, Steps(quantize, limits, codes), least);
    if (error < least) least = error, best = range;
  }
  return best;
}

/// At least eight bins a level over the whole range, so that a clipped one still has more bins than levels.
WeightRange leastDivergence(std::span<const float> weights, const Quantize& quantize,
                            const CodeLimits& limits, const WeightRange& all) {
  const auto levels = static_cast<std::size_t>(limits.most - limits.least + 1);
  const double width = static_cast<double>(all.high) - static_cast<double>(all.low);
  if (weights.size() < 4 * levels || !(width > 0)) return all;
  const std::size_t bins = std::max(8 * levels, std::min<std::size_t>(weights.size() / 8, 8192));
  std::vector<std::uint64_t> counts(bins);
  const double scale = static_cast<double>(bins) / width;
  const auto binOf = [&](double w) { return (w - static_cast<double>(all.low)) * scale; };
  for (const float w : weights)
    ++counts[std::min(bins - 1, static_cast<std::size_t>(std::max(0.0, binOf(static_cast<double>(w)))))];
  const ClippedDivergence divergence(counts);
  const float centre = centreOf(weights, quantize.scheme);
  WeightRange best = all;
  double least = std::numeric_limits<double>::infinity();
  for (int c = candidates; c > 0; c -= 2) {
    const WeightRange range = shrunk(all, centre, c);
    const auto first =
        static_cast<std::size_t>(std::max(0.0, std::floor(binOf(static_cast<double>(range.low)))));
    const auto last =
        std::min(bins, static_cast<std::size_t>(std::ceil(binOf(static_cast<double>(range.high)))));
    if (last < first + levels) break;
    if (const double found = divergence(first, last, levels); found < least) least = found, best = range;
  }
  return best;
}

}  // namespace

double squaredError(std::span<const float> weights, const Quantize& quantize, const CodeLimits& limits,
                    const GroupCodes& codes) {
  return errorUpTo(weights, Steps(quantize, limits, codes), std::numeric_limits<double>::infinity());
}

WeightRange clippedRange(std::span<const float> weights, const Quantize& quantize, const CodeLimits& limits) {
  const WeightRange all = minMax(weights, isSymmetric(quantize.scheme));
  if (weights.empty()) return all;
  switch (quantize.range) {
    case RangeMethod::Percentile:
      return percentile(weights, isSymmetric(quantize.scheme));
    case RangeMethod::MeanSquaredError:
      return leastSquares(weights, quantize, limits, all);
    case RangeMethod::Entropy:
      return leastDivergence(weights, quantize, limits, all);
    case RangeMethod::MinMax:
      break;
  }
  return all;
}

Ranges clippedRanges(std::span<const float> values, const ScaleGroups& groups, const Quantize& quantize,
                     const CodeLimits& limits) {
  const bool zerosCount = quantize.scheme == Scheme::MinMax && !limits.reserved;
  const GroupedValues grouped = groupedValues(values, groups, !zerosCount);
  Ranges ranges;
  for (std::size_t g = 0; g < groups.count(); ++g) {
    const WeightRange range = clippedRange(grouped.of(g), quantize, limits);
    ranges.low.push_back(range.low), ranges.high.push_back(range.high);
  }
  return ranges;
}

}  // namespace lapidary::core
