// SPDX-License-Identifier: GPL-3.0-or-later
// The recipes that the next move of a slider is likely to ask for.
#pragma once

#include <functional>
#include <vector>

#include "core/compress/recipe/recipe.h"
#include "ui/widgets/slider_scale.h"

namespace lapidary::ui {

/// How a slider moved, and what the recipe is for every value of it.
struct SliderMove {
  SliderMotion motion;
  std::function<core::Recipe(double value)> recipeAt;
};

/// Likeliest first, at most `most`, all different from the present one and from each other.
std::vector<core::Recipe> likelyRecipes(const SliderMove& move, std::size_t most);

}  // namespace lapidary::ui
