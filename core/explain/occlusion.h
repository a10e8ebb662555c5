// Occlusion: what the score loses when a patch of the input is hidden (Zeiler and Fergus 2014).
#pragma once

#include "core/explain/saliency.h"

namespace lapidary::core {

/// Signed map: how far the target's score drops when the place is hidden, averaged over the patches
/// that cover it. Floating input: the patch is set to the channel's mean; tokens: to 0.
SaliencyMap occlusionMap(const Model& model, const Executor& executor, std::span<const Tensor> inputs,
                         std::int64_t targetClass, const Progress& progress);

}  // namespace lapidary::core
