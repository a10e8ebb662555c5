// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/weight_statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace lapidary::core {
namespace {

constexpr std::size_t stride = 256;  ///< ranks between two prefix sums
constexpr std::uint32_t largestBits = 0x7f800000u;

/// Bits of |w|: they order like the magnitudes. Not-a-number becomes infinity.
std::uint32_t orderedBits(float weight) {
  return std::min(std::bit_cast<std::uint32_t>(weight) & 0x7fffffffu, largestBits);
}

/// Least-significant-digit radix sort in three passes of 11 bits.
std::vector<float> sortedMagnitudes(std::span<const float> weights) {
  constexpr std::size_t digits = 2048;
  std::vector<std::uint32_t> from(weights.size()), to(weights.size());
  std::array<std::array<std::size_t, digits>, 3> counts{};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::uint32_t bits = from[i] = orderedBits(weights[i]);
    ++counts[0][bits & 2047], ++counts[1][bits >> 11 & 2047], ++counts[2][bits >> 22];
  }
  for (unsigned pass = 0; pass < 3; ++pass) {
    std::array<std::size_t, digits>& next = counts[pass];
    std::size_t sum = 0;
    for (std::size_t& entry : next) sum += std::exchange(entry, sum);
    for (const std::uint32_t bits : from) to[next[bits >> (11 * pass) & 2047]++] = bits;
    from.swap(to);
  }
  std::vector<float> result(from.size());
  std::transform(from.begin(), from.end(), result.begin(),
                 [](std::uint32_t b) { return std::bit_cast<float>(b); });
  return result;
}

std::vector<double> prefixSums(const std::vector<float>& magnitudes) {
  std::vector<double> sums;
  sums.reserve(magnitudes.size() / stride + 1);
  double sum = 0;
  for (std::size_t i = 0; i < magnitudes.size(); ++i) {
    if (i % stride == 0) sums.push_back(sum);
    sum += magnitudes[i];
  }
  return sums;
}

}  // namespace

WeightStatistics::WeightStatistics(const Tensor& weight) : m_weight(weight) {
  const std::span<const float> weights = weight.as<float>();
  m_magnitudes = sortedMagnitudes(weights);
  m_prefix = prefixSums(m_magnitudes);
  const auto end =
      std::lower_bound(m_magnitudes.begin(), m_magnitudes.end(), std::bit_cast<float>(largestBits));
  m_finite = end - m_magnitudes.begin();
  if (m_finite == 0) return;
  double sum = 0, low = std::numeric_limits<double>::infinity(), high = -low;
  for (const float w : weights)
    if (std::isfinite(w)) sum += w, low = std::min<double>(low, w), high = std::max<double>(high, w);
  m_minimum = low, m_maximum = high, m_mean = sum / static_cast<double>(m_finite);
  double squares = 0;  // a second pass: the sum of squares alone cancels where the mean is large
  for (const float w : weights)
    if (std::isfinite(w)) squares += (w - m_mean) * (w - m_mean);
  m_deviation = std::sqrt(squares / static_cast<double>(m_finite));
}

std::int64_t WeightStatistics::count() const { return static_cast<std::int64_t>(m_magnitudes.size()); }
std::int64_t WeightStatistics::zeros() const { return countUpTo(0.0f); }
std::int64_t WeightStatistics::finite() const { return m_finite; }
double WeightStatistics::minimum() const { return m_minimum; }
double WeightStatistics::maximum() const { return m_maximum; }
double WeightStatistics::mean() const { return m_mean; }
double WeightStatistics::deviation() const { return m_deviation; }
double WeightStatistics::l1() const { return l1Kept(0); }
double WeightStatistics::largestMagnitude() const { return m_magnitudes.empty() ? 0 : m_magnitudes.back(); }

std::int64_t WeightStatistics::countBelow(double threshold) const {
  return std::lower_bound(m_magnitudes.begin(), m_magnitudes.end(), threshold) - m_magnitudes.begin();
}

std::int64_t WeightStatistics::countUpTo(float magnitude) const {
  return std::upper_bound(m_magnitudes.begin(), m_magnitudes.end(), magnitude) - m_magnitudes.begin();
}

double WeightStatistics::l1Kept(double threshold) const {
  std::size_t rank = static_cast<std::size_t>(countBelow(threshold));
  double kept = 0;
  for (; rank < m_magnitudes.size() && rank % stride != 0; ++rank) kept += m_magnitudes[rank];
  if (rank == m_magnitudes.size()) return kept;
  double total = m_prefix.back();
  for (std::size_t i = (m_prefix.size() - 1) * stride; i < m_magnitudes.size(); ++i) total += m_magnitudes[i];
  return kept + (total - m_prefix[rank / stride]);
}

double WeightStatistics::magnitudeOfRank(std::int64_t k) const {
  if (m_magnitudes.empty()) return 0;
  return m_magnitudes[static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, count() - 1))];
}

std::vector<std::int64_t> WeightStatistics::histogram(double low, double high, int bins) const {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(std::max(bins, 0)));
  if (bins <= 0 || !(high > low)) return counts;
  const double range = high - low;
  for (const float w : m_weight.as<float>())
    if (w >= low && w <= high)
      ++counts[static_cast<std::size_t>(std::min<int>(bins - 1, static_cast<int>((w - low) / range * bins)))];
  return counts;
}

}  // namespace lapidary::core
