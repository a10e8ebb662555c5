// Repair after a cut: the weights that are left are trained while they are seen as the cut makes them.
#pragma once

#include <vector>

#include "core/session.h"
#include "core/session_class_loss.h"
#include "core/session_exam.h"
#include "core/train/trainer.h"

namespace lapidary::core {

struct RepairRequest {
  Recipe recipe;
  TrainSettings train;
  ClassLossSettings loss;  ///< the teacher is the uncut model
  double heldOut =
      0.1;  ///< share of the session's data that decides which epoch was best, and learns nothing
  std::size_t patience = 3;  ///< epochs without a better one before it ends
};

using RepairEpoch = TrainedEpoch;

struct Repaired {
  Model model;    ///< the trained weights: zeros where they are pruned, not quantized
  Recipe recipe;  ///< what is left to do to it, by plain rounding, for the cut that was trained
  std::vector<RepairEpoch> epochs;
  std::size_t best = 0;  ///< the epoch whose weights these are
};

/// Pruned weights stay zero; quantized ones are rounded anew in every step, and their slopes pass straight
/// through (Bengio et al. 2013). Batch normalisation keeps its statistics. `onEpoch` hears of every one and
/// may end it (false); a stop ends it too: the best so far is returned. The same bits for any number of
/// workers. Throws Error(Usage) without data, Error(Unsupported) where outputs are no scores of classes, a
/// layer's weights are not Float32 initialisers, or a node has no gradient.
Repaired repair(const Session& session, const RepairRequest& request, const Progress& progress,
                const OnTrainedEpoch& onEpoch = {});

}  // namespace lapidary::core
