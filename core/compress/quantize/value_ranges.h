// SPDX-License-Identifier: GPL-3.0-or-later
// The ranges that decide the scale of each group of weights: least and greatest value, and the mean
// magnitude.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/compress/quantize/scale_groups.h"

namespace lapidary::core {

/// By group; low above high where a group has no value that counts.
struct Ranges {
  std::vector<float> low, high;
};

/// Over all values, or over those that are not zero where `skipZeros`.
Ranges rangesOf(std::span<const float> values, const ScaleGroups& groups, bool skipZeros);

/// The result of one pass over the values.
struct Survey {
  Ranges ranges;       ///< of all values
  bool finite = true;  ///< no value is infinite or not a number; where not, the ranges mean nothing
  bool zeros = false;  ///< some values are zero
};
Survey surveyOf(std::span<const float> values, const ScaleGroups& groups);

/// By group, over the values that are not zero.
struct Magnitudes {
  std::vector<double> sum;  ///< of |w|
  std::vector<std::int64_t> count;

  /// 0 for a group of zeros.
  double mean(std::size_t group) const {
    return count[group] == 0 ? 0 : sum[group] / static_cast<double>(count[group]);
  }
};

Magnitudes magnitudesOf(std::span<const float> values, const ScaleGroups& groups);

/// The number of infinities and not-a-numbers.
std::int64_t countNotFinite(std::span<const float> values);

}  // namespace lapidary::core
