// SPDX-License-Identifier: GPL-3.0-or-later
// Samples as pictures: what the data holds, and what the network sees.
#pragma once

#include <QColor>
#include <QImage>
#include <QString>
#include <cstddef>

#include "core/data/dataset.h"

namespace lapidary::ui {

/// A copy of the pixels.
QImage toImage(const core::Picture& picture);

/// One sample's input, with or without the batch axis of one, as a picture: [H, W], [C, H, W] or, with
/// `layout` NHWC, [H, W, C], C 1 or 3 (more: the mean). The smallest value is black, the largest white.
/// Null where the shape is none of these.
QImage inputImage(const core::Tensor& input, core::PixelLayout layout);

/// The waveform of a sound as a square of `side` pixels: for every column the range of its samples, the
/// loudest as tall as the square, on a transparent ground.
QImage waveImage(const core::Sound& sound, QColor ink, int side = 80);

/// The sample's picture or waveform, or else its first input as a picture; null where it has neither. May
/// take a while: off the GUI thread.
QImage sampleImage(const core::Dataset& data, std::size_t sample);

/// The class's name, or its number where it has none; a dash for -1.
QString className(const core::Dataset& data, std::int64_t index);

}  // namespace lapidary::ui
