// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/activation_range_search.h"

#include <algorithm>
#include <cmath>

#include "core/compress/quantize/divergence.h"

namespace lapidary::core {
namespace {

constexpr int candidates = 100;
constexpr double outside = 1e-4;
constexpr std::size_t activationLevels = 256;

/// Values and counts of the bins that hold something.
struct Filled {
  std::vector<double> values;
  std::vector<double> counts;
};

Filled filledBins(const RangeHistogram& histogram) {
  Filled filled;
  for (std::size_t i = 0; i < histogram.bins().size(); ++i) {
    if (histogram.bins()[i] == 0) continue;
    filled.values.push_back(std::clamp(histogram.centre(i), histogram.low(), histogram.high()));
    filled.counts.push_back(static_cast<double>(histogram.bins()[i]));
  }
  return filled;
}

ActivationRange scaled(const RangeHistogram& histogram, int candidate) {
  const double share = static_cast<double>(candidate) / candidates;
  return {histogram.low() * share, histogram.high() * share};
}

ActivationRange percentile(const RangeHistogram& histogram) {
  const bool twoSided = histogram.low() < 0 && histogram.high() > 0;
  const double each = outside * static_cast<double>(histogram.count()) * (twoSided ? 0.5 : 1);
  const auto& bins = histogram.bins();
  ActivationRange range{histogram.low(), histogram.high()};
  double seen = 0;
  std::size_t top = bins.size();
  while (top > 0 && seen + static_cast<double>(bins[top - 1]) <= each)
    seen += static_cast<double>(bins[--top]);
  const double width = histogram.width();
  if (range.high > 0)
    range.high = std::min(range.high, (static_cast<double>(top) - RangeHistogram::halfBins) * width);
  std::size_t bottom = 0;
  seen = 0;
  while (bottom < bins.size() && seen + static_cast<double>(bins[bottom]) <= each)
    seen += static_cast<double>(bins[bottom++]);
  if (range.low < 0)
    range.low = std::max(range.low, (static_cast<double>(bottom) - RangeHistogram::halfBins) * width);
  return range;
}

double squaredError(const Filled& filled, const ActivationRange& range) {
  const ActivationCodes codes = codesFor(range);
  const double scale = static_cast<double>(codes.scale), zero = codes.zeroPoint;
  double sum = 0;
  for (std::size_t i = 0; i < filled.values.size(); ++i) {
    const double code = std::clamp(std::nearbyint(filled.values[i] / scale) + zero, 0.0, 255.0);
    const double error = (code - zero) * scale - filled.values[i];
    sum += filled.counts[i] * error * error;
  }
  return sum;
}

ActivationRange leastSquares(const RangeHistogram& histogram) {
  const Filled filled = filledBins(histogram);
  ActivationRange best = scaled(histogram, candidates);
  double least = squaredError(filled, best);
  for (int c = candidates - 1; c > 0; --c) {
    const ActivationRange range = scaled(histogram, c);
    if (const double error = squaredError(filled, range); error < least) least = error, best = range;
  }
  return best;
}

/// Zero has a code of its own in every range. The many zeros behind a ReLU would otherwise be taken for a
/// peak that only narrow levels can render, and the range that clips most would win.
ActivationRange leastDivergence(const RangeHistogram& histogram) {
  std::vector<std::uint64_t> bins = histogram.bins();
  bins[RangeHistogram::halfBins] = 0;
  const ClippedDivergence divergence(bins);
  ActivationRange best = scaled(histogram, candidates);
  double least = INFINITY;
  const auto binOf = [&](double value) { return std::clamp(value / histogram.width(), -4096.0, 4096.0); };
  for (int c = candidates; c > 0; c -= 2) {
    const ActivationRange range = scaled(histogram, c);
    const auto first = static_cast<std::size_t>(std::floor(binOf(std::min(range.low, 0.0))) + 4096);
    const auto last = static_cast<std::size_t>(std::ceil(binOf(std::max(range.high, 0.0))) + 4096);
    if (last < first + activationLevels) break;
    if (const double found = divergence(first, last, activationLevels); found < least)
      least = found, best = range;
  }
  return best;
}

}  // namespace

ActivationRange rangeOf(const RangeHistogram& histogram, RangeMethod method) {
  if (histogram.count() == 0) return {};
  switch (method) {
    case RangeMethod::Percentile:
      return percentile(histogram);
    case RangeMethod::MeanSquaredError:
      return leastSquares(histogram);
    case RangeMethod::Entropy:
      return leastDivergence(histogram);
    case RangeMethod::MinMax:
      break;
  }
  return {histogram.low(), histogram.high()};
}

}  // namespace lapidary::core
