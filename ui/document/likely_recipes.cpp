// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/likely_recipes.h"

#include <algorithm>

namespace lapidary::ui {

std::vector<core::Recipe> likelyRecipes(const SliderMove& move, std::size_t most) {
  const core::Recipe present = move.recipeAt(move.motion.value);
  std::vector<core::Recipe> recipes;
  for (const double value : likelyValues(move.motion, most)) {
    core::Recipe recipe = move.recipeAt(value);
    if (recipe != present && std::ranges::find(recipes, recipe) == recipes.end())
      recipes.push_back(std::move(recipe));
  }
  return recipes;
}

}  // namespace lapidary::ui
