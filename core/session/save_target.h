// SPDX-License-Identifier: GPL-3.0-or-later
// The targets that a cut can be written to.
#pragma once

#include <string>

namespace lapidary::core {

/// Whether a bundle is what is written there: ".zip" in any case. Window, command line and session ask this.
bool isBundlePath(const std::string& path);

/// Throws Error(Usage) naming the endings that there are, where neither a bundle nor a model can be written
/// under this one.
void requireSavable(const std::string& path);

/// The same for weights without a graph, which fit into fewer files.
void requireSavableWithoutGraph(const std::string& path);

}  // namespace lapidary::core
