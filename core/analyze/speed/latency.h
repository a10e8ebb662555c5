// SPDX-License-Identifier: GPL-3.0-or-later
// How long one sample takes on one thread, before and after.
#pragma once

#include "core/analyze/outcome.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// Runs original and cut in turn until about 150 ms or 50 runs of each are used (3 at least), and gives
/// medians. `inputs` hold `samples` samples; times are per sample. Uses the calling thread alone.
Latency measureLatency(const Runnable& original, const Runnable& cut, std::span<const Tensor> inputs,
                       std::size_t samples, const Progress& progress);

/// The same for two models that are fed differently.
Latency measureLatency(const Runnable& original, std::span<const Tensor> originalInputs, const Runnable& cut,
                       std::span<const Tensor> cutInputs, std::size_t samples, const Progress& progress);

}  // namespace lapidary::core
