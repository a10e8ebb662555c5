// Repair after a cut: the weights that are left are trained while they are seen as the cut makes them.
#pragma once

#include <functional>
#include <vector>

#include "core/session.h"
#include "core/train/trainer.h"

namespace lapidary::core {

struct RepairRequest {
  Recipe recipe;
  TrainSettings train;
  /// Share of the loss that is distillation from the uncut model, in [0, 1]; all of it without labels.
  double teacher = 0.5;
  double temperature = 4;
  double smoothing = 0;      ///< of labels
  double heldOut = 0.1;      ///< share of the session's data that decides which epoch was best, and learns nothing
  std::size_t patience = 3;  ///< epochs without a better one before it ends
};

struct RepairEpoch {
  std::size_t epoch = 0;  ///< 0: before the first step
  double loss = 0;        ///< mean over the training samples; of epoch 0 not measured
  double quality = 0;     ///< on the held-out samples: top-1, without labels agreement with the uncut model
  double rate = 0;
};

struct Repaired {
  Model model;    ///< the trained weights: zeros where they are pruned, not quantized
  Recipe recipe;  ///< what is left to do to it, by plain rounding, for the cut that was trained
  std::vector<RepairEpoch> epochs;
  std::size_t best = 0;  ///< the epoch whose weights these are
};

/// Pruned weights stay zero; quantized ones are rounded anew in every step, and their slopes pass straight
/// through (Bengio et al. 2013). Batch normalisation keeps its statistics. `onEpoch` hears of every one and may
/// end it (false); a stop ends it too: the best so far is returned. The same bits for any number of workers.
/// Throws Error(Usage) without data, Error(Unsupported) where outputs are no scores of classes, a layer's weights
/// are not Float32 initialisers, or a node has no gradient.
Repaired repair(const Session& session, const RepairRequest& request, const Progress& progress,
                const std::function<bool(const RepairEpoch&)>& onEpoch = {});

}  // namespace lapidary::core
