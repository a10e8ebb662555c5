// SPDX-License-Identifier: GPL-3.0-or-later
// Kernel SHAP: Shapley values of segments, by a weighted regression over coalitions (Lundberg and Lee 2017).
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// A segment's Shapley value, shared out evenly over its positions, where hidden segments take the channel's
/// mean and hidden tokens become 0. Sums to the score less that of the wholly hidden sample. Where there are
/// no more coalitions than shapCoalitions the values are exact; else the smallest and largest are taken whole
/// and the others drawn, each with its complement.
SaliencyMap kernelShapMap(const SaliencyTask& task);

}  // namespace lapidary::core
