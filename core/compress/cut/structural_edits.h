// SPDX-License-Identifier: GPL-3.0-or-later
// The edits of a recipe that change the graph, or weights before any is cut, apart from all others.
#pragma once

#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

/// Whether the recipe removes channels or heads, asks for low rank, or equalises layers that it quantizes. In
/// this order; all else is done to the weights that come of it.
bool restructures(const Recipe& recipe);
/// The recipe without these edits.
Recipe withoutRestructuring(const Recipe& recipe);
/// Of the recipe no more than names the model that these edits lead to. Of quantization that is whether there
/// is one: layers without are not equalised.
Recipe structureOf(const Recipe& recipe);

}  // namespace lapidary::core
