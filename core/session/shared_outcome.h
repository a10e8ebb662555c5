// SPDX-License-Identifier: GPL-3.0-or-later
// From the answers that ranks found together to all that one process tells of them.
#pragma once

#include "core/analyze/quality/gathered_outcome.h"
#include "core/session/state.h"

namespace lapidary::core {

/// The drift of a cut is measured here, by the rank that has all answers. Others get the bare outcome.
SharedOutcome sharedOutcome(Session::State& state, const GatheredOutcome& gathered,
                            const SharedEvaluation& evaluation, const RunnableCut& cut,
                            const Progress& progress);

}  // namespace lapidary::core
