// The samples behind a bundle's heatmaps: copies of a person's data, which no bundle holds unless asked.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "core/files/image.h"

namespace lapidary::core {

/// What the report of a bundle says where no sample is in it.
inline constexpr std::string_view noSamplesNote =
    "<p class='muted'>No sample of the data is in this bundle: the maps stand without their pictures.</p>";

/// The samples whose heatmaps a bundle holds. Throws Error(InvalidInput) where it is no bundle.
std::vector<std::size_t> explainedSamples(const Bytes& bundle);

/// The bundle with these pictures as members "samples/sampleN.png" and in its report, which says so, as the
/// manifest does: "copied" is true, and "copied_samples" their number. Throws Error(InvalidInput) where it is
/// no bundle.
Bytes withSamples(const Bytes& bundle, const std::map<std::size_t, Picture>& samples);

}  // namespace lapidary::core
