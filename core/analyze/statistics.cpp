// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lapidary::core {
namespace {

constexpr double z = 1.959963984540054;  ///< 97.5 % quantile of the normal distribution

/// 97.5 % quantile of Student's t (Abramowitz and Stegun 26.7.5); of one and two degrees of freedom exact. By
/// hand: for four lines Boost.Math would be one more dependency.
double quantileOfT(std::size_t degrees) {
  if (degrees == 1) return 12.706204736432095;
  if (degrees == 2) return 4.302652729911275;
  const double v = static_cast<double>(degrees), z2 = z * z;
  const double g1 = z * (z2 + 1) / 4, g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
  const double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  return z + g1 / v + g2 / (v * v) + g3 / (v * v * v);
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Interval wilsonInterval(std::size_t successes, std::size_t trials) {
  if (trials == 0) return {0, 1};
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double centre = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // The limits of 0 and of all successes are 0 and 1; rounding must not move them.
  return {successes == 0 ? 0 : (centre - half) / scale, successes == trials ? 1 : (centre + half) / scale};
}

/// Agresti and Min 2005, "Wald+2": half an observation is added to each of the four cells.
Interval pairedInterval(std::size_t gained, std::size_t lost, std::size_t trials) {
  const double n = static_cast<double>(trials) + 2;
  const double net = static_cast<double>(gained) - static_cast<double>(lost);
  const double discordant = static_cast<double>(gained) + static_cast<double>(lost) + 1;
  const double half = z * std::sqrt(std::max(0.0, discordant - net * net / n)) / n;
  return {std::max(-1.0, net / n - half), std::min(1.0, net / n + half)};
}

Interval meanInterval(std::span<const double> values, double lowest, double highest) {
  if (values.size() < 2) return {lowest, highest};
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = quantileOfT(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
  return {std::max(lowest, mean - half), std::min(highest, mean + half)};
}

}  // namespace lapidary::core
