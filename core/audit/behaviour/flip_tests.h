// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the answers that a cut changes are spread as noise would spread them.
#pragma once

#include <vector>

#include "core/analyze/answers/class_answers.h"
#include "core/audit/rules/finding.h"

namespace lapidary::core {

/// Two kinds of tests, Holm-corrected together at 0.001 (Holm 1979). Lost: of the samples that the original
/// gives a class, more change than samples elsewhere whose two greatest scores are as close (in ten bins of
/// equal size). Target: of the answers that change, more go to a class than the original's probabilities of
/// the others say. What is significant counts where it is at least 4 times what was expected and 2 % of the
/// samples above it. Nothing is tested where more than two fifths of all answers change: such a cut is
/// another model.
void findFlips(const ClassAnswers& original, const ClassAnswers& cut, std::vector<Finding>& findings);

}  // namespace lapidary::core
