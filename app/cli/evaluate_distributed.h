// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate --distributed: the samples, or the stages of the graph, shared over the ranks of mpirun.
#pragma once

#include "terminal/options.h"

namespace lapidary::cli {

struct Distribution {
  std::string journal;  ///< path; empty: none
  bool stages = false;  ///< share the graph, not the samples
};

/// Rank 0 prints what `evaluate` prints. Where a rank is lost, rank 0 prints the figures over the samples
/// that were finished and ends with statusLost; the journal holds them too, whichever rank was lost.
void evaluateDistributed(const CommonOptions& common, const DataOptions& data,
                         const core::DriftOptions& drift, const std::string& recipe,
                         const Distribution& distribution);

}  // namespace lapidary::cli
