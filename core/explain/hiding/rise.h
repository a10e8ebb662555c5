// SPDX-License-Identifier: GPL-3.0-or-later
// RISE: which randomly shown parts go with a high probability of the class (Petsiuk, Das and Saenko 2018).
#pragma once

#include "core/explain/hiding/hidden_input.h"
#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// sum over masks of P(class | masked) M / (N riseKept), less its smallest value, which no ranking sees. What
/// a mask hides takes the channel's mean, a token becomes 0.
SaliencyMap riseMap(const SaliencyTask& task);

/// Number `index` of the masks: cells shown with chance riseKept, upscaled and shifted; for tokens (height 1
/// of whole numbers) each position by itself.
Mask riseMask(const MapGeometry& geometry, bool tokens, const SaliencyOptions& options, std::size_t index);

}  // namespace lapidary::core
