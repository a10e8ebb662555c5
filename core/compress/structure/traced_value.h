// SPDX-License-Identifier: GPL-3.0-or-later
// The facts that are known of a value's axes and, where it is a shape, of its numbers, while channels are
// followed.
#pragma once

#include <optional>
#include <vector>

#include "core/compress/structure/index_classes.h"
#include "core/model/graph.h"

namespace lapidary::core {

/// Longer axes than this are not followed: a vocabulary is shorter.
inline constexpr std::int64_t longestFollowed = 1 << 18;

/// Sizes and numbers of elements beyond this count as not known.
inline constexpr std::int64_t mostElements = std::int64_t{1} << 40;

/// -1, not known, where one of them is not or the product is too large.
constexpr std::int64_t sizeProduct(std::int64_t a, std::int64_t b) {
  return a < 0 || b < 0 || (a > 0 && b > mostElements / a) ? -1 : a * b;
}

/// One axis of a value. Followed ones name the class of every position; the others never shrink.
struct TracedAxis {
  std::int64_t size = -1;         ///< -1: not known before it runs
  std::vector<AxisIndex> labels;  ///< as many as `size`, or none

  bool followed() const { return !labels.empty(); }
};

/// A whole number of a shape, or computed from sizes of axes.
struct ShapeEntry {
  std::optional<std::int64_t> number;  ///< as the model stands; nothing where it is not known before it runs
  std::vector<AxisIndex>
      follows;  ///< positions that it counts, or was computed from: removing any may change it
};

struct TracedValue {
  bool known = false;  ///< whether the number of axes is
  std::vector<TracedAxis> axes;
  bool constant = false;                           ///< an initialiser, or a Constant node's output
  std::optional<std::vector<ShapeEntry>> entries;  ///< of few integers, in row-major order
};

}  // namespace lapidary::core
