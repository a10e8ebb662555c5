// SPDX-License-Identifier: GPL-3.0-or-later
// How each position of a resized axis is made of positions of the old one.
#pragma once

#include <string>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// One source position and its weight.
struct Tap {
  std::int64_t source;
  double weight;
};

/// By result position. A position without taps lies outside and takes the extrapolation value.
using AxisTaps = std::vector<std::vector<Tap>>;

enum class ResizeMode { Nearest, Linear, Cubic };

/// The attributes of Resize that decide the taps of an axis.
struct ResizeRule {
  ResizeMode mode = ResizeMode::Nearest;
  std::string coordinates = "half_pixel";  ///< coordinate_transformation_mode
  std::string nearest = "round_prefer_floor";
  double cubicA = -0.75;
  bool excludeOutside = false;
  bool antialias = false;
};

/// The sizes and the scale that one axis asks for.
struct ResizeAxis {
  std::int64_t from = 1, to = 1;
  double scale = 1;
  double roiStart = 0, roiEnd = 1;  ///< normalised, for tf_crop_and_resize
};

AxisTaps tapsOf(const ResizeRule& rule, const ResizeAxis& axis);

}  // namespace lapidary::core
