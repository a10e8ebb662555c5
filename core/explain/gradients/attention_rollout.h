// SPDX-License-Identifier: GPL-3.0-or-later
// Attention rollout: how the positions of a transformer mix, layer after layer (Abnar and Zuidema 2020).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// The product over the layers of (A + I) / 2, rows summing to 1, A the mean of the heads' attention; of the
/// result the rows that the score reads (those of the last attention at which it has a gradient), averaged.
/// The same for every class. Tokens: one value a position; pictures: positions as a square of patches, the
/// first left out where it is one too many, upscaled.
SaliencyMap attentionRolloutMap(const SaliencyTask& task);

/// Softmaxes over products of two computed values whose result weights another product, in execution order.
/// Throws Error(Unsupported) for a model without any.
std::vector<ValueId> attentionsOf(const Model& model);

}  // namespace lapidary::core
