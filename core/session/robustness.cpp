// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/robustness.h"

#include <algorithm>

namespace lapidary::core {

const Dataset& requireAttackable(const Session& session) {
  if (!session.obstacles().empty())
    throw Error(ErrorKind::Unsupported, "the model cannot be run: " + session.obstacles().front());
  if (session.data() == nullptr || session.data()->size() == 0)
    throw Error(ErrorKind::Usage, "attacks are made on samples: open data");
  return *session.data();
}

RobustnessReport measureRobustness(const Session& session, const Recipe& recipe, RobustnessRequest request,
                                   const Progress& progress, const OnRobustnessRow& onRow) {
  const Dataset& data = requireAttackable(session);
  request.workers = std::max(1u, session.workers());
  if (recipe.empty()) return robustness(session.model(), nullptr, data, request, progress, onRow);
  const Model cut = session.cutModel(recipe, {progress.stop, {}});
  return robustness(session.model(), &cut, data, request, progress, onRow);
}

}  // namespace lapidary::core
