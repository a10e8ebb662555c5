// SPDX-License-Identifier: GPL-3.0-or-later
// From predictions to quality: shares, losses and their intervals, on the same samples before and after.
#pragma once

#include "core/analyze/answers/predictions.h"
#include "core/analyze/outcome.h"

namespace lapidary::core {

class Dataset;

/// Over the samples of `cut`; `original` holds at least as many. `total` is the size of the dataset.
Quality qualityOf(const Dataset& data, const Predictions& original, const Predictions& cut);

}  // namespace lapidary::core
