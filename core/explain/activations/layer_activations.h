// SPDX-License-Identifier: GPL-3.0-or-later
// Computes what a layer answers, and finds the samples that excite it most.
#pragma once

#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/explain/activations/activations.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// Convolutions have their channels on the second axis, all others on the last; leading axes are positions.
/// Throws Error(Unsupported) for an output that has no such axes or no floats, Error(Usage) for a file
/// without a graph.
ActivationMaps activationMaps(const Runnable& subject, std::span<const Tensor> inputs, LayerId layer);

/// The samples of the data whose activation is largest, the largest first, equal ones by number: a channel
/// counts by its largest position. Never more samples in memory than run at once. Throws Error(Usage) for a
/// channel that the layer has not.
std::vector<TopSample> topActivations(const Runnable& subject, const Dataset& data, const TopRequest& request,
                                      const Progress& progress);

}  // namespace lapidary::core
