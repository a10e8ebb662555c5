// SPDX-License-Identifier: GPL-3.0-or-later
// The gradient of a class's score at the input, by itself and times the input.
#pragma once

#include "core/explain/map/saliency_task.h"

namespace lapidary::core {

/// Largest |dy/dx| over the channels (Simonyan, Vedaldi and Zisserman 2013).
SaliencyMap gradientMap(const SaliencyTask& task);
/// Sum over the channels of x dy/dx (Shrikumar et al. 2016).
SaliencyMap gradientInputMap(const SaliencyTask& task);

}  // namespace lapidary::core
