// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/slider_scale.h"

#include <algorithm>
#include <cmath>

namespace lapidary::ui {

namespace {

/// Farther moves are swings to another position, not repeated as they were.
constexpr double farthestStride = 12;

/// In pixels while the mouse holds the handle, else in key steps.
double strideOf(const SliderMotion& motion) {
  if (motion.held) return *motion.held - motion.heldBefore;
  return motion.scale.step > 0 ? std::round((motion.value - motion.before) / motion.scale.step) : 0;
}

/// As before, and back from an end.
double onwardOf(const SliderMotion& motion, double stride) {
  if (motion.value >= motion.scale.high) return -1;
  return stride < 0 && motion.value > motion.scale.low ? -1 : 1;
}

}  // namespace

double SliderScale::clamped(double value) const {
  if (snap > 0) value = low + std::round((value - low) / snap) * snap;
  return std::clamp(value, low, high);
}

double SliderScale::position(double value) const {
  const double span = high > low ? (value - low) / (high - low) : 0;
  return margin + std::clamp(span, 0.0, 1.0) * (width - 2 * margin);
}

double SliderScale::valueAt(double x) const {
  const double span = std::max(1.0, width - 2 * margin);
  return clamped(low + std::clamp((x - margin) / span, 0.0, 1.0) * (high - low));
}

std::vector<double> likelyValues(const SliderMotion& motion, std::size_t most) {
  const SliderScale& scale = motion.scale;
  std::vector<double> values;
  const auto add = [&](double value) {
    if (values.size() < most && value != motion.value && std::ranges::find(values, value) == values.end())
      values.push_back(value);
  };
  const auto addStep = [&](double steps) {
    add(motion.held ? scale.valueAt(*motion.held + steps) : scale.nudged(motion.value, steps));
  };
  const double stride = strideOf(motion), onward = onwardOf(motion, stride);
  if (std::fabs(stride) <= farthestStride) addStep(stride);
  for (const double steps : {1.0, -1.0, 2.0}) addStep(onward * steps);
  add(motion.began);
  for (const double steps : {3.0, -2.0, 4.0, 5.0, -3.0}) addStep(onward * steps);
  return values;
}

}  // namespace lapidary::ui
