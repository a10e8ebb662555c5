// SPDX-License-Identifier: GPL-3.0-or-later
// How the axes of an input become the two axes of a map, and the arithmetic on maps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// The axes of a sample of an input that are height, width and summed away. A sample is read
/// as values[row * rowStride + column * columnStride + channel * channelStride].
struct MapGeometry {
  int width = 0, height = 0, channels = 1;
  std::int64_t rowStride = 0, columnStride = 1, channelStride = 0;

  std::size_t pixels() const { return static_cast<std::size_t>(width) * static_cast<std::size_t>(height); }
  std::size_t index(int row, int column, int channel) const;
};

/// The geometry of one sample of a batch of `shape`. Rank 4: NCHW unless only the last axis has 1 or 3
/// entries (NHWC). Rank 3: rows and columns, or with `embedded` positions times features that are
/// reduced. Rank 2 and below: a strip. Higher ranks: the leading axes are the channels.
MapGeometry geometryOf(const Shape& shape, bool embedded = false);

/// Largest magnitude over the channels, and sum over the channels.
std::vector<float> maxMagnitudeOverChannels(std::span<const float> sample, const MapGeometry& geometry);
std::vector<float> sumOverChannels(std::span<const float> sample, const MapGeometry& geometry);

/// Bilinear, sample points at pixel centres, edges held.
std::vector<float> upscaled(std::span<const float> map, int width, int height, int toWidth, int toHeight);

}  // namespace lapidary::core
