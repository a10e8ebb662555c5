// SPDX-License-Identifier: GPL-3.0-or-later
// The search for the range at which a group of weights is best clipped.
#pragma once

#include <span>

#include "core/compress/quantize/code_parameters.h"

namespace lapidary::core {

/// The range from which the codes of these weights come. Percentile: 0.01 % of the weights lie outside, for
/// Affine and MinMax half of them on either side; fewer than 10,000 (20,000) weights lose none.
/// MeanSquaredError: of 100 ranges between a hundredth and all of min-max, the one whose codes err least in
/// the mean square. Entropy: of 50, the one of least divergence (see ClippedDivergence) in as many levels as
/// there are codes; min-max where there are fewer than four weights a level. Ranges shrink towards 0, for
/// MinMax towards the mean, and are symmetric where the scheme is. Low above high for no weights. For schemes
/// with a range.
struct WeightRange {
  float low, high;
};
WeightRange clippedRange(std::span<const float> weights, const Quantize& quantize, const CodeLimits& limits);

/// The sum of squared errors of the weights in these codes, by plain rounding.
double squaredError(std::span<const float> weights, const Quantize& quantize, const CodeLimits& limits,
                    const GroupCodes& codes);

/// Clips the ranges of all groups. Exact zeros, which have a code of their own, do not count, but in MinMax
/// without such a code.
Ranges clippedRanges(std::span<const float> values, const ScaleGroups& groups, const Quantize& quantize,
                     const CodeLimits& limits);

}  // namespace lapidary::core
