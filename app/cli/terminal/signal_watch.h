// SPDX-License-Identifier: GPL-3.0-or-later
// Signals that a thread waits for, so that what they start may do anything.
#pragma once

#include <functional>
#include <initializer_list>

#include "core/support/progress.h"

namespace lapidary::cli {

/// The calling thread and those that it starts from now on leave these signals to whoever waits for them;
/// `on` false: no longer. Before any other thread starts.
void blockSignals(std::initializer_list<int> signals, bool on);

/// Calls `heard` each time one of these blocked signals comes, on a thread of its own that lives as long as
/// the process.
void onSignals(std::initializer_list<int> signals, std::function<void()> heard);

/// Ctrl-C asks the work to end and to keep the best so far, and says so; a second one ends the program.
core::Progress interruptible(const char* says = "stopping: the best so far is written");

/// Runs what keeps its results so far, with the words of `step` on the terminal. False where Ctrl-C ended it
/// early.
bool ranToEnd(const char* step, const std::function<void(const core::Progress&)>& work);

}  // namespace lapidary::cli
