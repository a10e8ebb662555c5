// SPDX-License-Identifier: GPL-3.0-or-later
// Guided backpropagation: what is negative does not flow back through rectifiers (Springenberg et al. 2015).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// The largest magnitude over the channels of what flows back when Relu (and Clip, which bounds ReLU6) passes
/// positive gradients alone. It is known to draw edges of the input whatever the weights are (Adebayo et al.
/// 2018).
SaliencyMap guidedBackpropagationMap(const SaliencyTask& task);

/// Throws Error(Unsupported) for a model without a rectifier.
void requireRectifier(const Model& model);

}  // namespace lapidary::core
