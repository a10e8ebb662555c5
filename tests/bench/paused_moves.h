// SPDX-License-Identifier: GPL-3.0-or-later
// How much of what a person asks for memory answers, with and without measuring ahead.
#pragma once

#include "ui/files/open_model.h"

namespace lapidary::bench {

/// Moves as a person makes them: a step, a look at the figures, a step; then a far move in the middle of the
/// work ahead, and a drag without pauses. Prints shares, latencies and their ratios.
void measurePausedMoves(const char* name, const ui::OpenRequest& request);

}  // namespace lapidary::bench
