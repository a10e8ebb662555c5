// SPDX-License-Identifier: GPL-3.0-or-later
// Computes which parts of an input the model's answer rests on.
#pragma once

#include "core/explain/map/saliency.h"
#include "core/model/model.h"
#include "core/run/executor.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// One map for one sample. `inputs` hold a batch of one. `targetClass` < 0 takes the model's top-1.
/// For integer (token) inputs gradients are taken at the embedding. What each method computes stands in
/// its own header. The same map on any number of threads. Throws Error(Unsupported) where the method does
/// not fit the model, saying why.
SaliencyMap saliency(const Model& model, const Executor& executor, std::span<const Tensor> inputs,
                     SaliencyMethod method, std::int64_t targetClass, const Progress& progress,
                     const SaliencyOptions& options = {});

}  // namespace lapidary::core
