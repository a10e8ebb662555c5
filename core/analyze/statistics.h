// SPDX-License-Identifier: GPL-3.0-or-later
// Medians, and confidence intervals for shares and for paired differences of shares.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/analyze/outcome.h"

namespace lapidary::core {

/// The upper one of the two middle values where their number is even; 0 of none.
double median(std::vector<double> values);

/// Wilson score interval of a share (Wilson 1927), 95 %.
Interval wilsonInterval(std::size_t successes, std::size_t trials);

/// Difference of two shares measured on the same samples, 95 %: `gained` samples were wrong and became
/// right, `lost` were right and became wrong, of `trials` in all. Newcombe 1998, method 10 or Agresti
/// and Min 2005; never empty when nothing changed.
Interval pairedInterval(std::size_t gained, std::size_t lost, std::size_t trials);

/// 95 % interval of a mean by Student's t, kept within [lowest, highest], which it is of a single value.
Interval meanInterval(std::span<const double> values, double lowest, double highest);

}  // namespace lapidary::core
