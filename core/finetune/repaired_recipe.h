// SPDX-License-Identifier: GPL-3.0-or-later
// Repaired weights as part of a recipe: put into one, written down, and read back for the same model.
#pragma once

#include <string>

#include "core/compress/cut/repaired_weights.h"
#include "core/finetune/repair.h"

namespace lapidary::core {

/// The recipe over the repaired weights that makes of `original` what was trained. What is in it was written
/// and read back: the same weights that a saved session gives.
Recipe recipeOf(const Model& original, const Repaired& repaired, const Progress& progress = {});

/// Repaired weights of this model from the ONNX file `bytes`, whose SHA-256 has to be `id`; `name` stands in
/// errors. Throws Error(InvalidInput) for another digest, for damage, and for a file of another model.
TrainedWeights readRepaired(const Model& original, const Bytes& bytes, const std::string& id,
                            const std::string& name, const Progress& progress = {});

}  // namespace lapidary::core
