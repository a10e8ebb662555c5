// SPDX-License-Identifier: GPL-3.0-or-later
// Sums that use the vector unit of the processor.
#pragma once

#include "core/support/vectorized.h"

namespace lapidary::core {

// Sums with eight partial sums: quicker than one running sum, and more exact.
float sumOf(const float* x, std::int64_t count);
/// Sum of (x[i] - mean)^2.
float squaresAround(const float* x, std::int64_t count, float mean);
float dotOf(const float* x, const float* y, std::int64_t count);
/// -infinity for no elements. Not-a-number may be passed over.
float maxOf(const float* x, std::int64_t count);

}  // namespace lapidary::core
