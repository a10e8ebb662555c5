// SPDX-License-Identifier: GPL-3.0-or-later
// The share of samples whose answer a cut flipped.
#pragma once

#include "core/analyze/figure.h"

namespace lapidary::core {

class Dataset;
struct Predictions;

/// Samples whose top-1 of the cut differs from the original's, right or wrong; Wilson score interval. Over
/// the samples of `cut`; `original` holds at least as many. Labels are not needed.
Figure flippedAnswers(const Dataset& data, const Predictions& original, const Predictions& cut);

}  // namespace lapidary::core
