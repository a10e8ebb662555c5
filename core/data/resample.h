// SPDX-License-Identifier: GPL-3.0-or-later
// A sound at another rate, by libsoxr.
#pragma once

#include <vector>

#include "core/files/sound.h"

namespace lapidary::core {

/// `count` samples at another rate, from the sound's start; zeros where the sound has ended. What the lower
/// rate cannot hold is cut off, by the filter that librosa takes where nothing else is said (libsoxr's HQ).
/// The values do not depend on `count`.
std::vector<float> resampled(const Sound& sound, int rate, std::size_t count);

/// How many samples the whole sound has at another rate.
std::size_t lengthAt(const Sound& sound, int rate);

}  // namespace lapidary::core
