// SPDX-License-Identifier: GPL-3.0-or-later
// Order statistics of one layer's weights, so that a slider's readouts cost O(log n).
#pragma once

#include <cstdint>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// Built once from a Float32 tensor: O(n) time (radix sort), 4 bytes a weight plus prefix sums.
/// Not-a-number weights count as magnitude infinity: they are never pruned.
class WeightStatistics {
 public:
  explicit WeightStatistics(const Tensor& weight);

  std::int64_t count() const;
  std::int64_t zeros() const;
  std::int64_t finite() const;  ///< weights that are neither infinite nor not-a-number
  double minimum() const;       ///< minimum, maximum, mean and deviation are of the finite weights
  double maximum() const;
  double mean() const;
  double deviation() const;  ///< population standard deviation
  double l1() const;         ///< sum of magnitudes
  double largestMagnitude() const;

  /// Weights with |w| < threshold.
  std::int64_t countBelow(double threshold) const;
  /// Weights with |w| <= magnitude.
  std::int64_t countUpTo(float magnitude) const;
  /// Sum of the magnitudes that are not below the threshold: the L1 norm that is kept.
  double l1Kept(double threshold) const;
  /// The magnitude of rank k (0 the smallest); k clamped to the range, 0 for a weight without elements.
  double magnitudeOfRank(std::int64_t k) const;

  /// Counts in `bins` equal bins over [low, high] (signed values), for the histogram; values outside
  /// and not-a-number are not counted. O(n): remembered by the caller.
  std::vector<std::int64_t> histogram(double low, double high, int bins) const;

 private:
  Tensor m_weight;
  std::vector<float> m_magnitudes;  ///< ascending
  std::vector<double> m_prefix;     ///< sums of m_magnitudes before every 256th rank
  std::int64_t m_finite = 0;
  double m_minimum = 0, m_maximum = 0, m_mean = 0, m_deviation = 0;
};

}  // namespace lapidary::core
