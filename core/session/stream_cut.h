// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting weights without a graph from file to file, one tensor in memory at a time.
#pragma once

#include <string>

#include "core/analyze/outcome.h"
#include "core/model/model.h"
#include "core/session/session.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// The file that was written, and its footprint.
struct StreamedFile {
  SavedFile saved;
  Footprint footprint;  ///< `fileBefore` and `fileAfter` are the bytes of the two files
};

/// Whether streamCut can do it: weights without a graph, an ending of .safetensors or .lapidary, and no
/// method that needs samples or removes channels.
bool canStream(const Model& model, const Recipe& recipe, const std::string& path);

/// Writes what Session::save writes of the same recipe, byte for byte. Holds about three times the largest
/// tensor; cut tensors wait in a file beside the target. Reads the written file back and compares its hash
/// before it takes the target's place. Throws as Session::save does.
StreamedFile streamCut(const Model& model, const Recipe& recipe, const std::string& path,
                       const Progress& progress);

}  // namespace lapidary::core
