// SPDX-License-Identifier: GPL-3.0-or-later
// Sound in RIFF WAVE files: PCM of 8, 16, 24 and 32 bits and float32, channels averaged to one.
#pragma once

#include <vector>

#include "core/support/bytes.h"

namespace lapidary::core {

struct Sound {
  int rate = 0;                ///< samples a second
  std::vector<float> samples;  ///< PCM in [-1, 1); floats as they are stored
};

/// Whether the bytes begin as a WAV file does.
bool looksLikeWav(std::span<const std::byte> bytes);

/// Throws Error(InvalidInput) naming the chunk, what was found and what was expected. A data chunk whose
/// length is 0xFFFFFFFF, as programs write that cannot seek, goes to the end of the file.
Sound readWav(const Bytes& bytes);

}  // namespace lapidary::core
