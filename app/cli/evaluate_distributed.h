// evaluate --distributed: the samples shared over the ranks of mpirun.
#pragma once

#include "options.h"

namespace lapidary::cli {

/// Rank 0 prints what `evaluate` prints. Where a rank is lost, rank 0 prints the figures over the samples
/// that were finished and ends with statusLost; the journal holds them too, whichever rank was lost.
void evaluateDistributed(const CommonOptions& common, const DataOptions& data, const std::string& recipe,
                         const std::string& journal);

}  // namespace lapidary::cli
