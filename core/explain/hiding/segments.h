// SPDX-License-Identifier: GPL-3.0-or-later
// An input cut into pieces that are hidden together: superpixels of pictures, tokens of texts.
#pragma once

#include <cstdint>
#include <limits>

#include "core/explain/hiding/hidden_input.h"

namespace lapidary::core {

struct Segments {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> of;  ///< by position of the map; none: never hidden
  std::size_t count = 0;

  /// Shows the segments whose entry is not 0, and what belongs to none.
  Mask maskOf(std::span<const char> shown) const;
  /// A segment's value shared out evenly over its positions; 0 for what belongs to none.
  std::vector<float> spread(std::span<const double> values) const;
};

/// Pictures: about `wanted` segments of pixels that are near and alike (k-means over position and values from
/// a regular grid, after SLIC, Achanta et al. 2012; a segment may have several parts). Signals: even
/// stretches. Tokens: one each but for those that are 0.
Segments segmentsOf(const HiddenInput& input, std::size_t wanted);

}  // namespace lapidary::core
