// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/calibration.h"

#include <algorithm>
#include <cmath>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// How far the ends of `a` lie from those of `b`, as a share of b's width.
double moved(const ActivationRange& a, const ActivationRange& b) {
  const double most = std::max(std::abs(a.low - b.low), std::abs(a.high - b.high));
  const double width = b.high - b.low;
  return most == 0 ? 0 : width > 0 ? most / width : 1;
}

}  // namespace

const ActivationRange& LayerCalibration::range(RangeMethod method) const {
  if (history.empty())
    throw Error(ErrorKind::InvalidInput, "no sample was calibrated on: calibrate on at least 1");
  return history.back().ranges[static_cast<std::size_t>(method)];
}

Convergence LayerCalibration::convergence(RangeMethod method) const {
  constexpr double still = 0.01;
  const auto m = static_cast<std::size_t>(method);
  const ActivationRange& last = range(method);
  Convergence result;
  if (history.size() < 2) return {0, 1, true};
  result.lastMove = moved(history[history.size() - 2].ranges[m], last);
  std::size_t first = history.size() - 1;
  while (first > 0 && moved(history[first - 1].ranges[m], last) < still) --first;
  result.settledAfter = first + 1 < history.size() ? history[first].samples : 0;
  result.moreHelps = result.settledAfter == 0 || 2 * result.settledAfter > history.back().samples;
  return result;
}

const LayerCalibration* Calibration::of(LayerId layer) const {
  const auto it = std::ranges::find(layers, layer, &LayerCalibration::layer);
  return it == layers.end() ? nullptr : &*it;
}

}  // namespace lapidary::core
