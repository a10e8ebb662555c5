// SPDX-License-Identifier: GPL-3.0-or-later
// How a sound becomes one sample: its rate, its length, and raw samples or log-mel features.
#pragma once

#include "core/data/preprocess.h"
#include "core/data/sound_features.h"
#include "core/files/sound.h"

namespace lapidary::core {

/// Fills in what is left open in `asked`, from the shape that the model's input declares and the rate of a
/// sound: a last axis, or two, of a declared length are samples, or bands and frames. Features are log-mel
/// where the input has two axes longer than 1 (or unknown) besides the batch; windows are 25 ms, 10 ms apart;
/// bands reach from `fmin` to half the rate. Throws Error(InvalidInput) where keys contradict each other.
SoundPreprocess completed(const SoundPreprocess& asked, const InputSpec& spec, int soundRate);

/// One sound to one sample (without the batch axis), dtype as the input declares; scale, mean and std of
/// the preprocess (one number each) are applied last. A sound that is too short is followed by silence,
/// one that is too long is cut.
Tensor toSample(const Sound& sound, const Preprocess& preprocess, const InputSpec& spec);

}  // namespace lapidary::core
