// SPDX-License-Identifier: GPL-3.0-or-later
// Class activation maps of the last convolution: Grad-CAM and Grad-CAM++.
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// max(0, sum over channels of activation times the channel's mean gradient), upscaled (Selvaraju et al.
/// 2017).
SaliencyMap gradCamMap(const SaliencyTask& task);

/// The same with weights sum(a max(0, g)), a = g^2 / (2 g^2 + sum(A) g^3) at every position of gradient g, of
/// a channel whose activations sum to sum(A) (Chattopadhyay et al. 2018, derivatives of the exponential
/// score; their common factor e^score is left out).
SaliencyMap gradCamPlusPlusMap(const SaliencyTask& task);

/// The last convolution whose output has spatial positions. Throws Error(Unsupported) for a model without a
/// convolution.
ValueId lastConvolution(const Model& model);

}  // namespace lapidary::core
