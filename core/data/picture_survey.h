// SPDX-License-Identifier: GPL-3.0-or-later
// What does not survive of pictures when they become samples: told once, from a look at a few of them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/data/data_warning.h"

namespace lapidary::core {

/// Looks at the headers of up to 64 files, spread over all; what cannot be read is told when it is read.
std::vector<DataWarning> surveyPictures(std::span<const std::string> files);

}  // namespace lapidary::core
