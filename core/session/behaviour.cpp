// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/behaviour.h"

#include <algorithm>

#include "core/session/robustness.h"

namespace lapidary::core {

BehaviourComparison compareBehaviour(const Session& session, const Recipe& recipe, BehaviourOptions options,
                                     const Progress& progress) {
  const Dataset& data = requireAttackable(session);
  options.workers = std::max(1u, session.workers());
  return compareBehaviour(session.model(), session.cutModel(recipe, {progress.stop, {}}), data, options,
                          progress);
}

}  // namespace lapidary::core
