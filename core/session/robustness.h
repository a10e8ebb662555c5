// SPDX-License-Identifier: GPL-3.0-or-later
// How a session's model and its cut stand up to attacks and noise.
#pragma once

#include "core/robust/robustness.h"
#include "core/session/session.h"

namespace lapidary::core {

/// On the session's data, with its workers; of the original alone where the recipe is empty. Throws as
/// `robustness` does, and Error(Usage) without data.
RobustnessReport measureRobustness(const Session& session, const Recipe& recipe, RobustnessRequest request,
                                   const Progress& progress, const OnRobustnessRow& onRow = {});

/// Throws Error(Usage) without data, Error(Unsupported) where the model cannot be run: before anything is
/// attacked.
const Dataset& requireAttackable(const Session& session);

}  // namespace lapidary::core
