// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/shown_cut.h"

#include <algorithm>
#include <cmath>

#include "core/compress/cut/plain_cutter.h"

namespace lapidary::core {
namespace {

/// Of weights against what became of them.
std::optional<double> signalToNoise(std::span<const float> before, std::span<const float> after) {
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double was = before[i], error = was - static_cast<double>(after[i]);
    signal += was * was;
    noise += error * error;
  }
  if (!(noise > 0) || !std::isfinite(signal / noise)) return std::nullopt;
  return 10 * std::log10(signal / noise);
}

/// The layer as it is after the cut, with the product in place of two factors.
Tensor valuesAfter(const ResolvedCut& resolved, LayerId id, const Layer& smaller, const Progress& progress) {
  const PlainCutter& after = resolved.cutter->plain();
  const auto valuesOf = [&](LayerId part) {
    const auto cut = after.cut(resolved.rest, part, progress);
    return cut ? cut->values : after.weight(part);
  };
  const Tensor values = valuesOf(id);
  const auto second = resolved.structure->seconds.find(id);
  return second == resolved.structure->seconds.end() ? values
                                                     : productOf(values, valuesOf(second->second), smaller);
}

}  // namespace

std::optional<CutWeight> shownCut(const ResolvedCut& resolved, LayerId id, const Progress& progress) {
  const PlainCutter &base = resolved.base->plain(), &after = resolved.cutter->plain();
  const Layer& before = base.original().layer(id);
  if (after.original().layer(id).shape == before.shape) return after.cut(resolved.rest, id, progress);
  const Structure& structure = *resolved.structure;
  const auto kept = keptPositions(*structure.groups, id, structure.gone);
  Layer smaller = before;
  for (std::size_t axis = 0; axis < kept.size(); ++axis)
    smaller.shape.at(axis) = static_cast<std::int64_t>(kept[axis].size());
  CutWeight result;
  result.values = valuesAfter(resolved, id, smaller, progress);
  for (std::size_t axis = 0; axis < kept.size(); ++axis) {
    const auto size = static_cast<std::size_t>(before.shape.at(axis));
    if (kept[axis].size() < size) result.values = spreadOver(result.values, axis, size, kept[axis]);
  }
  result.zeros = std::ranges::count(result.values.as<float>(), 0.0f);
  result.snrDb = signalToNoise(base.weight(id).as<float>(), result.values.as<float>());
  return result;
}

}  // namespace lapidary::core
