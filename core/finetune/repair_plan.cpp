// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/repair_plan.h"

#include <algorithm>
#include <sstream>

#include "core/finetune/learned_grids.h"
#include "core/finetune/training_subject.h"
#include "core/io/common/format.h"

namespace lapidary::core {
namespace {

template <class Holds>
bool anyEdit(const Recipe& recipe, Holds&& holds) {
  return std::ranges::any_of(recipe.edits, [&](const auto& entry) { return holds(entry.second); });
}

}  // namespace

bool RecipeHalves::prunes() const {
  return anyEdit(pruning, [](const LayerEdit& edit) { return edit.prune.mode != PruneMode::None; });
}

bool RecipeHalves::learnsGrids() const {
  return anyEdit(rounding, [](const LayerEdit& edit) { return gridIsLearned(edit.quantize); });
}

bool RecipeHalves::fixesCodes() const {
  return anyEdit(rounding, [](const LayerEdit& edit) { return codesAreFixed(edit.quantize); });
}

RecipeHalves halvesOf(const Recipe& recipe) {
  RecipeHalves halves;
  halves.pruning.globalSparsity = recipe.globalSparsity;
  for (const auto& [layer, edit] : recipe.edits) {
    LayerEdit prune, round;
    prune.prune = edit.prune;
    round.quantize = edit.quantize;
    round.activations = edit.activations;
    // Learnt rounding would be learnt anew in every step; training takes its place.
    round.quantize.rounding = Rounding::Nearest;
    round.quantize.correctBias = round.quantize.scaleInputs = false;
    halves.pruning.set(layer, prune);
    halves.rounding.set(layer, round);
  }
  return halves;
}

Recipe byMagnitude(Recipe pruning) {
  for (auto& [layer, edit] : pruning.edits)
    if (needsSamples(edit.prune.criterion)) edit.prune.criterion = Criterion::Magnitude;
  return pruning;
}

std::vector<RepairStage> stagesOf(const RepairRequest& request, const RecipeHalves& halves) {
  const std::size_t epochs = request.train.epochs;
  const bool ramps = halves.prunes() && request.ramp > 0;
  if (!request.learnGrids || !halves.learnsGrids()) return {{epochs, false, ramps}};
  if (!halves.prunes()) return {{epochs, true, false}};
  const std::size_t grids = std::max<std::size_t>(1, epochs / 3);
  return {{epochs - grids, false, ramps}, {grids, true, false}};
}

std::string repairSubject(const Session& session, const RepairRequest& request) {
  std::ostringstream text;
  text.precision(17);
  text << "repair " << toJson(request.recipe) << ' ' << request.heldOut << ' ' << request.ramp << ' '
       << request.learnGrids << ' ' << request.patience;
  return trainingSubject(session, request.train, request.loss, text.str());
}

}  // namespace lapidary::core
