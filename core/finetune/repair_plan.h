// SPDX-License-Identifier: GPL-3.0-or-later
// The plan of a repair, made before it does anything: the halves of its recipe and the runs of the trainer.
#pragma once

#include <string>
#include <vector>

#include "core/finetune/repair.h"

namespace lapidary::core {

/// The edits that put zeros into weights, and those that are left to be done to the trained ones.
struct RecipeHalves {
  Recipe pruning, rounding;

  bool prunes() const;
  bool learnsGrids() const;  ///< of some layer (see gridIsLearned)
  bool fixesCodes() const;   ///< likewise
};

RecipeHalves halvesOf(const Recipe& recipe);

/// Without what would have to run samples: the weights of a training move on.
Recipe byMagnitude(Recipe pruning);

/// One run of the trainer: what it starts from and how it sees the weights.
struct RepairStage {
  std::size_t epochs = 0;
  bool learnsGrids = false;
  bool ramps = false;  ///< pruning grows
};

/// Pruning first, in floats; grids are learned when the weights that stay are known.
std::vector<RepairStage> stagesOf(const RepairRequest& request, const RecipeHalves& halves);

/// SHA-256 that tells this repair from others.
std::string repairSubject(const Session& session, const RepairRequest& request);

}  // namespace lapidary::core
