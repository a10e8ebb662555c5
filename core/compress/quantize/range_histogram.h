// SPDX-License-Identifier: GPL-3.0-or-later
// A running histogram of values whose range doubles by merging bins: its memory never grows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lapidary::core {

/// Counts finite values in bins over [-2^e, 2^e). The width of a bin is a power of two and bin edges are
/// multiples of it, so doubling the range merges whole bins: the counts depend on the values alone, not on
/// their order or on how they were split between histograms that are merged.
class RangeHistogram {
 public:
  static constexpr int halfBins = 4096;  ///< on either side of zero

  void add(std::span<const float> values);
  void merge(const RangeHistogram& other);

  std::uint64_t count() const { return m_count; }
  std::uint64_t notFinite() const { return m_notFinite; }  ///< NaN and infinities, in no bin
  double low() const { return m_low; }                     ///< least value, 0 without values
  double high() const { return m_high; }                   ///< greatest value, 0 without values
  double width() const;                                    ///< of a bin
  /// Bin `i` holds values of [(i - halfBins) * width, (i + 1 - halfBins) * width).
  const std::vector<std::uint64_t>& bins() const { return m_bins; }
  double centre(std::size_t bin) const { return (static_cast<double>(bin) + 0.5 - halfBins) * width(); }

 private:
  void widenTo(int exponent);
  void note(double low, double high, std::uint64_t count);

  int m_exponent = -100;
  std::vector<std::uint64_t> m_bins = std::vector<std::uint64_t>(2 * halfBins);
  std::uint64_t m_count = 0, m_notFinite = 0;
  double m_low = 0, m_high = 0;
};

}  // namespace lapidary::core
