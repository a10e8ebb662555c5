// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/schedule.h"

#include <algorithm>

namespace lapidary::core {
namespace {

bool hasShare(PruneMode mode) { return mode == PruneMode::Sparsity || mode == PruneMode::Blocks; }

bool isOver(const PruneSchedule& schedule, std::size_t step) {
  return schedule.kind == ScheduleKind::OneShot || step >= schedule.end;
}

LayerEdit editAt(const PruneSchedule& schedule, LayerEdit edit, std::size_t step) {
  edit.lowRank = {};
  if (hasShare(edit.prune.mode))
    edit.prune.value = sparsityAt(schedule, edit.prune.value, step);
  else if (edit.prune.mode != PruneMode::Global)
    edit.prune = {};
  return edit;
}

}  // namespace

double sparsityAt(const PruneSchedule& schedule, double target, std::size_t step) {
  if (isOver(schedule, step)) return target;
  if (step < schedule.begin) return 0;
  const double first = std::min(schedule.first, target);
  const double left =
      1 - static_cast<double>(step - schedule.begin) / static_cast<double>(schedule.end - schedule.begin);
  return target + (first - target) * left * left * left;
}

Recipe recipeAt(const PruneSchedule& schedule, const Recipe& target, std::size_t step) {
  if (isOver(schedule, step)) return target;
  Recipe recipe;
  recipe.equalize = target.equalize;
  recipe.repaired = target.repaired;
  recipe.globalSparsity = sparsityAt(schedule, target.globalSparsity, step);
  for (const auto& [layer, edit] : target.edits) recipe.set(layer, editAt(schedule, edit, step));
  return recipe;
}

}  // namespace lapidary::core
