// SPDX-License-Identifier: GPL-3.0-or-later
// What a command writes must not be what it reads.
#pragma once

#include <CLI/App.hpp>

namespace lapidary::cli {

/// Compares what stands behind -o, --sarif, --journal and --checkpoint with every other path of the command
/// line.
/// Throws core::Error(Usage).
void requireOwnOutputs(const CLI::App& command);

}  // namespace lapidary::cli
