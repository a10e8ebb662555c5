// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of a layer: the map of each of its channels for one sample, and the samples that excite it
// most.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/support/ids.h"

namespace lapidary::core {

/// A layer's output for one sample, before what follows it (an activation function, a normalisation).
struct ActivationMaps {
  int channels = 0, width = 0, height = 0;  ///< width and height 1 where the layer has no spatial positions
  std::vector<float> values;                ///< by channel, then row-major

  std::span<const float> channel(int index) const;
};

struct TopSample {
  std::size_t sample = 0;
  double activation = 0;
  int row = 0, column = 0;  ///< where a channel is largest
  bool operator==(const TopSample&) const = default;
};

struct TopRequest {
  LayerId layer;
  int channel = -1;  ///< -1: the whole layer, by its root mean square
  std::size_t count = 12;
  unsigned workers = 1;
};

}  // namespace lapidary::core
