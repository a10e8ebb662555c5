// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/resize/resize_taps.h"

#include <algorithm>
#include <cmath>

#include "core/ops/axes.h"

namespace lapidary::core {
namespace {

/// The position in the old axis of index x of the new one, by coordinate_transformation_mode (the formulas
/// of ONNX's Resize). In single precision, as other runtimes have it: 3 / 0.6 must be 5, or it is rounded
/// to another pixel.
float positionOf(const ResizeRule& rule, const ResizeAxis& axis, float x) {
  const std::string& mode = rule.coordinates;
  const auto from = static_cast<float>(axis.from), to = static_cast<float>(axis.to);
  const auto scale = static_cast<float>(axis.scale);
  if (mode == "half_pixel") return (x + 0.5f) / scale - 0.5f;
  if (mode == "half_pixel_symmetric") {
    const float adjusted = to / (scale * from);  // the share of the wanted length that was kept
    return from / 2 * (1 - adjusted) + (x + 0.5f) / scale - 0.5f;
  }
  if (mode == "pytorch_half_pixel") return axis.to > 1 ? (x + 0.5f) / scale - 0.5f : 0.0f;
  if (mode == "align_corners") return axis.to > 1 ? x * (from - 1) / (to - 1) : 0.0f;
  if (mode == "asymmetric") return x / scale;
  if (mode == "tf_half_pixel_for_nn") return (x + 0.5f) / scale;
  if (mode == "tf_crop_and_resize") {
    const auto start = static_cast<float>(axis.roiStart), end = static_cast<float>(axis.roiEnd);
    if (axis.to > 1) return start * (from - 1) + x * (end - start) * (from - 1) / (to - 1);
    return 0.5f * (start + end) * (from - 1);
  }
  failAttribute("coordinate_transformation_mode", "is '" + mode + "'");
}

double roundedPosition(const std::string& mode, double position) {
  if (mode == "round_prefer_floor") return std::ceil(position - 0.5);
  if (mode == "round_prefer_ceil") return std::floor(position + 0.5);
  if (mode == "floor") return std::floor(position);
  if (mode == "ceil") return std::ceil(position);
  failAttribute("nearest_mode", "is '" + mode + "'");
}

/// Weight of a source at distance d: the triangle, or Keys' cubic (1981) with parameter a.
double kernel(const ResizeRule& rule, double d) {
  d = std::abs(d);
  if (rule.mode == ResizeMode::Linear) return std::max(0.0, 1 - d);
  const double a = rule.cubicA;
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}

void normalise(std::vector<Tap>& taps) {
  double sum = 0;
  for (const Tap& tap : taps) sum += tap.weight;
  if (sum != 0)
    for (Tap& tap : taps) tap.weight /= sum;
}

/// Taps of every source within reach of the kernel around `position`, stretched where it antialiases.
/// Sources outside are left out, or stand for the border.
std::vector<Tap> interpolated(const ResizeRule& rule, const ResizeAxis& axis, double position) {
  const double stretch = rule.antialias ? std::max(1.0, 1 / axis.scale) : 1.0;
  const double reach = (rule.mode == ResizeMode::Linear ? 1.0 : 2.0) * stretch;
  std::vector<Tap> taps;
  const auto first = static_cast<std::int64_t>(std::floor(position - reach)) + 1;
  const auto last = static_cast<std::int64_t>(std::ceil(position + reach)) - 1;
  for (std::int64_t i = first; i <= last; ++i) {
    const bool inside = i >= 0 && i < axis.from;
    if (!inside && rule.excludeOutside) continue;
    const double weight = kernel(rule, (static_cast<double>(i) - position) / stretch);
    if (weight == 0) continue;
    const std::int64_t source = std::clamp<std::int64_t>(i, 0, axis.from - 1);
    if (!taps.empty() && taps.back().source == source)
      taps.back().weight += weight;
    else
      taps.push_back({source, weight});
  }
  if (rule.excludeOutside || rule.antialias) normalise(taps);
  return taps;
}

std::vector<Tap> tapsAt(const ResizeRule& rule, const ResizeAxis& axis, double x) {
  const auto position = static_cast<double>(positionOf(rule, axis, static_cast<float>(x)));
  const auto last = static_cast<double>(axis.from - 1);
  if (rule.coordinates == "tf_crop_and_resize" && !(position >= 0 && position <= last)) return {};
  // A position far outside needs no more than the border; this keeps the indices below within range.
  const double near = std::clamp(std::isnan(position) ? 0.0 : position, -4.0, last + 4);
  if (rule.mode != ResizeMode::Nearest) return interpolated(rule, axis, near);
  return {{static_cast<std::int64_t>(std::clamp(roundedPosition(rule.nearest, near), 0.0, last)), 1.0}};
}

}  // namespace

AxisTaps tapsOf(const ResizeRule& rule, const ResizeAxis& axis) {
  AxisTaps taps;
  taps.reserve(static_cast<std::size_t>(axis.to));
  for (std::int64_t x = 0; x < axis.to; ++x) taps.push_back(tapsAt(rule, axis, static_cast<double>(x)));
  return taps;
}

}  // namespace lapidary::core
