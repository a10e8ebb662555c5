// SPDX-License-Identifier: GPL-3.0-or-later
// The scale of a slider: what its pixels and key steps mean in values, and which values its next move is
// likely to ask for.
#pragma once

#include <optional>
#include <vector>

namespace lapidary::ui {

struct SliderScale {
  static constexpr double margin = 8;  ///< pixels at both ends that the handle's centre does not reach

  double low = 0, high = 1;
  double step = 0.01;  ///< of a key or a wheel notch
  double snap = 0;     ///< values are multiples of it above `low`; 0: any
  double width = 0;    ///< pixels

  double clamped(double value) const;
  double nudged(double value, double steps) const { return clamped(value + steps * step); }
  double position(double value) const;  ///< x in pixels
  double valueAt(double x) const;
};

/// A handle at `value`, moved there from `before`.
struct SliderMotion {
  SliderScale scale;
  double began = 0;  ///< where the drag began
  double before = 0, value = 0;
  std::optional<double> held = {};  ///< x of the handle while the mouse holds it
  double heldBefore = 0;            ///< x at `before`
};

/// Values that the next move may lead to, exactly as the slider would give them, likeliest first: as far
/// again as last time, pixels or key steps nearby, the position where the drag began. At most `most`, all
/// different from `motion.value` and from each other.
std::vector<double> likelyValues(const SliderMotion& motion, std::size_t most);

}  // namespace lapidary::ui
