// SPDX-License-Identifier: GPL-3.0-or-later
// Small changes of training images, drawn anew in every epoch.
#pragma once

#include <cstdint>
#include <span>

#include "core/model/tensor.h"

namespace lapidary::core {

struct Augmentation {
  bool flip = false;  ///< left and right changed over, with a chance of a half
  std::int64_t shift =
      0;            ///< pixels at most, either way, on both axes; the edge is repeated where nothing is
  double crop = 0;  ///< at most so much of the width and height is cut away and the rest enlarged, in [0, 1)

  bool empty() const { return !flip && shift == 0 && crop == 0; }
};

/// `images`: Float32, N x C x H x W (C last where `channelsLast`). Sample i is changed by the numbers that
/// `seeds[i]` stands for: the same whatever else is in the batch. Throws Error(Unsupported) for other shapes.
Tensor augmented(const Tensor& images, const Augmentation& augmentation, std::span<const std::uint64_t> seeds,
                 bool channelsLast = false);

}  // namespace lapidary::core
