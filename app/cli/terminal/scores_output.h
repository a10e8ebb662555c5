// SPDX-License-Identifier: GPL-3.0-or-later
// Which of several outputs was taken for the scores of classes: told once, and carried by the JSON object.
#pragma once

#include "core/analyze/answers/scores_choice.h"
#include "output.h"

namespace lapidary::cli {

/// "scores: output "logits" (it has one score for each of the 4 classes of the labels)", on standard error.
void tellScores(const core::ScoresChoice& choice);

/// Puts name and reason into the object, under "output"; nothing where nothing was told.
void addScores(Json& json);

}  // namespace lapidary::cli
