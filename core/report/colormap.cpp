// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/colormap.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace lapidary::core {
namespace {

/// Anchors at equal distances, chosen so that lightness falls evenly away from the middle.
constexpr std::array<Rgb, 9> diverging{{{10, 45, 105},
                                        {35, 95, 155},
                                        {90, 145, 190},
                                        {165, 198, 220},
                                        {250, 250, 250},
                                        {230, 195, 165},
                                        {205, 140, 95},
                                        {165, 80, 35},
                                        {100, 35, 8}}};

/// Lightness rises evenly from 10 to 92 of 100.
constexpr std::array<Rgb, 9> sequential{{{35, 14, 60},
                                         {62, 34, 104},
                                         {64, 67, 133},
                                         {52, 99, 142},
                                         {38, 130, 142},
                                         {40, 161, 130},
                                         {92, 190, 98},
                                         {172, 213, 56},
                                         {250, 230, 45}}};

Rgb between(std::span<const Rgb> anchors, double position) {
  const double at = std::clamp(position, 0.0, 1.0) * static_cast<double>(anchors.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(at), anchors.size() - 2);
  const double fraction = at - static_cast<double>(low);
  Rgb color{};
  for (std::size_t i = 0; i < color.size(); ++i)
    color[i] = static_cast<std::uint8_t>(std::lround(
        std::lerp(static_cast<double>(anchors[low][i]), static_cast<double>(anchors[low + 1][i]), fraction)));
  return color;
}

}  // namespace

Rgb divergingColor(double x) { return between(diverging, std::isnan(x) ? 0.5 : (x + 1) / 2); }
Rgb sequentialColor(double x) { return between(sequential, std::isnan(x) ? 0 : x); }

}  // namespace lapidary::core
