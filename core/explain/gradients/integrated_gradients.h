// SPDX-License-Identifier: GPL-3.0-or-later
// Integrated gradients along the straight way from a baseline (Sundararajan, Taly and Yan 2017).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// x times the mean of dy/dx at (k + 1/2) / m x, k below m = pathSteps: from the baseline 0, by the midpoint
/// rule. Summed over the channels; with the completeness error, which falls with m.
SaliencyMap integratedGradientsMap(const SaliencyTask& task);

}  // namespace lapidary::core
