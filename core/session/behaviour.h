// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a session's cut behaves unlike its original beyond what its drop explains.
#pragma once

#include "core/audit/behaviour/behaviour_audit.h"
#include "core/session/session.h"

namespace lapidary::core {

/// On the session's data, with its workers. Throws as `compareBehaviour` of two models does, and Error(Usage)
/// without data.
BehaviourComparison compareBehaviour(const Session& session, const Recipe& recipe, BehaviourOptions options,
                                     const Progress& progress);

}  // namespace lapidary::core
