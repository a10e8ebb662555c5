// SPDX-License-Identifier: GPL-3.0-or-later
// Occlusion: what the score loses when a patch of the input is hidden (Zeiler and Fergus 2014).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// Signed map: how far the target's score drops when the position is hidden, averaged over the patches
/// that cover it. Floating input: the patch is set to the channel's mean; tokens: to 0.
SaliencyMap occlusionMap(const SaliencyTask& task);

}  // namespace lapidary::core
