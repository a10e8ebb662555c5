// SPDX-License-Identifier: GPL-3.0-or-later
// From sound to numbers that networks take: the logarithm of mel-scaled power spectra.
#pragma once

#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

enum class LogKind { Natural, Ten, Decibel };
/// Htk: 2595 log10(1 + f / 700), triangles of height 1. Slaney: linear below 1000 Hz and logarithmic above,
/// triangles of area 1 in Hz.
enum class MelScale { Htk, Slaney };

struct LogMel {
  int rate = 16000;             ///< samples a second
  int window = 400, hop = 160;  ///< samples; the transform is as long as the window
  int mels = 40;
  double fmin = 0, fmax = 8000;  ///< Hz
  LogKind log = LogKind::Natural;
  double floor = 1e-6;  ///< is added to each power before its logarithm
  MelScale scale = MelScale::Htk;
  bool center = false;  ///< half a window of zeros before and after, so that frame i is centred on i * hop
};

/// Frames that `samples` samples give: whole windows only, without `center`.
std::int64_t frameCount(const LogMel& spec, std::size_t samples);
/// The fewest samples that give so many frames.
std::size_t samplesFor(const LogMel& spec, std::int64_t frames);

/// Float32 [mels, frames] of a periodic Hann window's power spectra.
Tensor logMel(const LogMel& spec, const std::vector<float>& samples);

}  // namespace lapidary::core
