// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/range_histogram.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lapidary::core {

double RangeHistogram::width() const { return std::ldexp(1.0, m_exponent) / halfBins; }

/// Halving a signed bin index rounds down, as floor(x / 2w) is floor(floor(x / w) / 2).
void RangeHistogram::widenTo(int exponent) {
  const int shift = exponent - m_exponent;
  if (shift <= 0) return;
  std::vector<std::uint64_t> merged(m_bins.size());
  for (int i = 0; i < 2 * halfBins; ++i) {
    const int bin = ((i - halfBins) >> std::min(shift, 30)) + halfBins;
    merged[static_cast<std::size_t>(bin)] += m_bins[static_cast<std::size_t>(i)];
  }
  m_bins = std::move(merged);
  m_exponent = exponent;
}

void RangeHistogram::note(double low, double high, std::uint64_t count) {
  if (count == 0) return;
  m_low = m_count == 0 ? low : std::min(m_low, low);
  m_high = m_count == 0 ? high : std::max(m_high, high);
  m_count += count;
}

void RangeHistogram::add(std::span<const float> values) {
  float low = INFINITY, high = -INFINITY;
  std::uint64_t finite = 0;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    ++finite;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  m_notFinite += values.size() - finite;
  if (finite == 0) return;
  int exponent = m_exponent;
  if (const float most = std::max(-low, high); most > 0) std::frexp(most, &exponent);  // most < 2^exponent
  widenTo(exponent);
  const double scale = 1 / width();
  for (const float value : values)
    if (std::isfinite(value))
      ++m_bins[static_cast<std::size_t>(static_cast<int>(std::floor(value * scale)) + halfBins)];
  note(low, high, finite);
}

void RangeHistogram::merge(const RangeHistogram& other) {
  RangeHistogram wide = other;
  wide.widenTo(m_exponent);
  widenTo(wide.m_exponent);
  for (std::size_t i = 0; i < m_bins.size(); ++i) m_bins[i] += wide.m_bins[i];
  m_notFinite += wide.m_notFinite;
  note(wide.m_low, wide.m_high, wide.m_count);
}

}  // namespace lapidary::core
