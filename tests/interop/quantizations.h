// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizations of weights, and the recipes that ask for them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/compress/recipe/recipe.h"
#include "core/model/model.h"

namespace lapidary::tests {

using NamedQuantizations = std::vector<std::pair<std::string, core::Quantize>>;

/// Every scheme with every number of bits that it knows of 4, 8 and 12, and every granularity.
NamedQuantizations quantizations();
/// Those that are written in ways of their own.
NamedQuantizations kindsOfQuantization();

/// Weights that a node computes are left alone: they follow the table that they are computed of.
core::Recipe recipeOf(const core::Model& model, const core::Quantize& quantize);

/// The same with a scale for every input of every quantized weight, as scaling by activations leaves them; to
/// be written and read before it runs.
core::Model withScaledInputs(core::Model cut);

/// Written and read again, as a file of somebody's comes: its layers are those that the reader finds.
core::Model asRead(const core::Model& model, const std::string& path);

}  // namespace lapidary::tests
