// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a written file after it was held against the rules of what was tried in ONNX Runtime.
#pragma once

#include "core/session/session.h"
#include "terminal/output.h"

namespace lapidary::cli {

/// Warns of the nodes of the file that no rule covers, by what of them was not tried. To be called before
/// anything is printed.
void warnOfRuntime(const core::SavedFile& saved);
/// A line where the rules cover the whole file; nothing of a file that cannot be run.
void printRuntimeCheck(const core::SavedFile& saved);
/// The same as "runtime_check".
void addRuntimeCheck(Json& json, const core::SavedFile& saved);

}  // namespace lapidary::cli
