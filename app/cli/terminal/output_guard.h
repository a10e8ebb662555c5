// SPDX-License-Identifier: GPL-3.0-or-later
// This guard keeps a command from writing to a file that it reads.
#pragma once

#include <CLI/App.hpp>

namespace lapidary::cli {

/// Compares what stands behind -o, --sarif, --journal and --checkpoint with every other path of the command
/// line.
/// Throws core::Error(Usage).
void requireOwnOutputs(const CLI::App& command);

}  // namespace lapidary::cli
