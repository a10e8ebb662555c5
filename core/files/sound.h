// SPDX-License-Identifier: GPL-3.0-or-later
// Sounds in WAV, FLAC and Ogg (Vorbis, Opus) files, through libsndfile; channels averaged to one.
#pragma once

#include <vector>

#include "core/support/bytes.h"

namespace lapidary::core {

struct Sound {
  int rate = 0;                ///< samples a second
  std::vector<float> samples;  ///< whole numbers scaled to [-1, 1); floats as they are stored or decoded
};

/// Throws Error(InvalidInput) for damage, for a file that was cut, and for one that unpacks to far more than
/// its bytes let expect: no length that stands in a header is trusted.
Sound readSound(const Bytes& bytes);

}  // namespace lapidary::core
