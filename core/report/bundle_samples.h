// SPDX-License-Identifier: GPL-3.0-or-later
// The samples behind a bundle's heatmaps: copies of a person's data, which no bundle holds unless asked.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/files/image.h"

namespace lapidary::core {

/// Pictures by the index of their sample.
using SampleCopies = std::map<std::size_t, Picture>;

/// The sentence of a bundle's report where no sample is in it.
inline constexpr std::string_view noSamplesNote =
    "<p class='muted'>No sample of the data is in this bundle: the maps stand without their pictures.</p>";

/// The copies as the report shows them, or the note where there are none.
std::string samplesHtml(const SampleCopies& samples);

}  // namespace lapidary::core
