// SPDX-License-Identifier: GPL-3.0-or-later
// Cutoffs of weights that are too many to be sorted: their magnitudes are counted in three passes.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/compress/prune/prune.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// Hands one layer's weights to what it is given, and may drop them afterwards.
using VisitWeights =
    std::function<void(std::size_t layer, const std::function<void(std::span<const float>)>&)>;

/// The cutoffs that globalCutoffs gives (and for a single layer cutoffFor by sparsity), without order
/// statistics: a histogram over the upper half of the magnitudes' bits, one over the lower half within the
/// bin that holds the threshold, and a count of ties.
std::vector<Cutoff> cutoffsByCounting(std::size_t layers, double sparsity, const VisitWeights& visit,
                                      const Progress& progress);

}  // namespace lapidary::core
