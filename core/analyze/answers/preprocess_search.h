// SPDX-License-Identifier: GPL-3.0-or-later
// Finding the preprocess that a model was trained with: common forms are tried on labelled samples.
#pragma once

#include <memory>

#include "core/data/dataset.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The file beside the model; else the guess, or a common form of preprocessing that answers clearly more
/// of the first (about 100) samples right than the guess does: by at least 3 % of them. Tried only where
/// the model runs and the data are labelled pictures of 8 bits; slow models try fewer samples, so that the
/// search takes about 20 s at most, but never fewer than 20. `workers` 0: all processors.
/// Progress counts forms. Throws Error(InvalidInput) for a damaged file beside the model, or Cancelled.
PreprocessChoice findPreprocess(const Model& model, const std::shared_ptr<const DataSource>& data,
                                unsigned workers, const Progress& progress);

}  // namespace lapidary::core
