// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a recipe to the layers that a model has.
#pragma once

#include <string>

#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::core {

/// Throws Error(InvalidInput) with the names nearest to it where the model has no layer of this name.
LayerId knownLayer(const Model& model, const std::string& name);

/// The same of every layer that the recipe edits.
void requireKnownLayers(const Model& model, const Recipe& recipe);

}  // namespace lapidary::core
