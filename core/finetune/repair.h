// SPDX-License-Identifier: GPL-3.0-or-later
// Repair after a cut: the weights that are left are trained while they are seen as the cut makes them.
#pragma once

#include <string>
#include <vector>

#include "core/finetune/class_loss.h"
#include "core/finetune/validation.h"
#include "core/session/session.h"
#include "core/train/trainer.h"

namespace lapidary::core {

struct RepairRequest {
  Recipe recipe;
  TrainSettings train;
  ClassLossSettings loss;  ///< the teacher is the uncut model
  double heldOut =
      0.1;  ///< share of the session's data that decides which epoch was best, and learns nothing
  std::size_t patience = 3;  ///< epochs without a better one before it ends
  /// Share of the epochs over which pruning grows to what the recipe asks (Zhu, Gupta 2018), in [0, 1); 0:
  /// all at once, before the first step. Weights are then scored by magnitude while samples would have to be
  /// run.
  double ramp = 0;
  /// Whether the grids of quantized weights are learned where that is possible (see session_grids.h), in the
  /// last third of the epochs where the recipe also prunes; else every step rounds anew.
  bool learnGrids = true;
  /// File that is written after every epoch, and from which an interrupted repair with the same model, data
  /// and settings goes on, with the same bits; removed at the end. Empty: none.
  std::string checkpoint;
};

using RepairEpoch = TrainedEpoch;

struct Repaired {
  Model model;    ///< the trained weights: zeros where they are pruned, on the grid where it was learned
  Recipe recipe;  ///< what is left to do to it, by plain rounding, for the cut that was trained
  std::vector<RepairEpoch> epochs;
  std::size_t best = 0;  ///< the epoch whose weights these are
};

/// Pruned weights stay zero; quantized ones are seen as their grid makes them in every step, and their
/// gradients pass straight through (Bengio et al. 2013). Batch normalisation keeps its statistics. `onEpoch`
/// hears of every one and may end it (false); a stop ends it too: the best so far is returned. The same bits
/// for any number of workers. Throws Error(Usage) without data, Error(Unsupported) where outputs are no
/// scores of classes, a layer's weights are not Float32 initialisers, or a node has no gradient.
Repaired repair(const Session& session, const RepairRequest& request, const Progress& progress,
                const OnTrainedEpoch& onEpoch = {});

}  // namespace lapidary::core
