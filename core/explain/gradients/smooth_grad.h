// SPDX-License-Identifier: GPL-3.0-or-later
// SmoothGrad: gradients averaged over noisy copies of the input (Smilkov et al. 2017).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// The mean of dy/dx at x + N(0, s^2), s = smoothNoise (max x - min x), over smoothSamples copies; of the
/// mean the largest magnitude over the channels.
SaliencyMap smoothGradMap(const SaliencyTask& task);

/// Copies `first` to `first + count` - 1 of a sample with noise of `deviation`, Float32. The noise of a copy
/// depends on seed and number alone.
Tensor noisyCopies(const Tensor& sample, double deviation, std::uint64_t seed, std::size_t first,
                   std::size_t count);

/// smoothNoise as a deviation.
double noiseDeviation(const Tensor& sample, const SaliencyOptions& options);

}  // namespace lapidary::core
