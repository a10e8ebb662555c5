// SPDX-License-Identifier: GPL-3.0-or-later
// From a histogram of activations to the range that their codes cover.
#pragma once

#include "core/compress/quantize/activation_range.h"
#include "core/compress/quantize/range_histogram.h"
#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

/// MinMax: from least to greatest value. Percentile: 0.01 % of the values lie outside, half of them on
/// either side where there are both signs. MeanSquaredError: of 100 ranges between a hundredth and all of
/// min-max, the one whose codes err least in the mean square. Entropy: of those with at least 256 bins, the
/// one of least Kullback-Leibler divergence between the clipped histogram and its 256-level form (Migacz,
/// "8-bit Inference with TensorRT", 2017). {0, 0} for an empty histogram.
ActivationRange rangeOf(const RangeHistogram& histogram, RangeMethod method);

}  // namespace lapidary::core
