// SPDX-License-Identifier: GPL-3.0-or-later
// The weights that the sliders move: the model's own, or those that a repair has trained.
#pragma once

#include "core/session/session.h"

namespace lapidary::ui {

/// The model that the recipe's edits are done to, never null, and the edits. Must not outlive the session.
inline core::ReducedCut editedWeights(const core::Session& session, const core::Recipe& recipe) {
  core::ReducedCut edited = session.cutter().rebased(recipe);
  if (!edited.cutter) edited.cutter = {std::shared_ptr<const void>(), &session.cutter()};
  return edited;
}

}  // namespace lapidary::ui
