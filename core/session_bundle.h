// The bundle with copies of the data in it, for those who ask.
#pragma once

#include "core/session.h"

namespace lapidary::core {

/// Writes the bundle as Session::save does, and in it the samples behind its heatmaps (see bundle_samples.h).
/// Throws as that does, and Error(Usage) where the path does not end in .zip or there are no pictures.
SavedFile saveWithSamples(const Session& session, const Recipe& recipe, const std::string& path,
                          const Progress& progress);

}  // namespace lapidary::core
