// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/structural_edits.h"

#include <algorithm>

namespace lapidary::core {
namespace {

bool changesGraph(const LayerEdit& edit) {
  return removes(edit.prune.mode) || edit.lowRank.mode != LowRankMode::None;
}

bool isEqualized(const Recipe& recipe, const LayerEdit& edit) {
  return recipe.equalize && edit.quantize.scheme != Scheme::None;
}

}  // namespace

bool restructures(const Recipe& recipe) {
  return std::ranges::any_of(recipe.edits, [&](const auto& edit) {
    return changesGraph(edit.second) || isEqualized(recipe, edit.second);
  });
}

Recipe withoutRestructuring(const Recipe& recipe) {
  Recipe rest = recipe;
  rest.equalize = false;
  for (const auto& [layer, edit] : recipe.edits) {
    LayerEdit left = edit;
    if (removes(edit.prune.mode)) left.prune = {};
    left.lowRank = {};
    rest.set(layer, left);
  }
  return rest;
}

Recipe structureOf(const Recipe& recipe) {
  Recipe structure;
  structure.equalize = recipe.equalize;
  for (const auto& [layer, edit] : recipe.edits) {
    Quantize marked;
    if (isEqualized(recipe, edit)) marked.scheme = Scheme::Symmetric;
    structure.set(layer, {removes(edit.prune.mode) ? edit.prune : Prune{}, marked, {}, edit.lowRank});
  }
  return structure;
}

}  // namespace lapidary::core
