// SPDX-License-Identifier: GPL-3.0-or-later
// The result of a preprocess on one sample: what the network sees, as a picture, and the values in it.
#pragma once

#include <QImage>
#include <QString>
#include <optional>
#include <vector>

#include "core/data/dataset.h"

namespace lapidary::ui {

struct ChannelRange {
  double least = 0, most = 0, mean = 0;
};

struct NetworkInput {
  QImage original;  ///< a picture, or a sound's waveform; null where the data holds arrays
  QImage seen;    ///< a picture, a spectrogram (time to the right, frequency upwards) or a waveform; or null
  QString shape;  ///< "3x224x224 float32"
  std::vector<ChannelRange> channels;
  double seconds = 0;                          ///< of a sound, as it lies in the data
  std::optional<core::SoundPreprocess> sound;  ///< what it was taken with, nothing left open
  QString problem;  ///< what the preprocess could not do, exactly; the rest is empty then
};

/// Of every channel of an input without batch axis; one for what is no picture.
std::vector<ChannelRange> channelRanges(const core::Tensor& input, core::PixelLayout layout);

/// Off the GUI thread. Never throws core::Error: it becomes `problem`.
NetworkInput networkInput(const core::DataSource& source, std::size_t sample,
                          const core::Preprocess& preprocess, const core::Model& model);

}  // namespace lapidary::ui
