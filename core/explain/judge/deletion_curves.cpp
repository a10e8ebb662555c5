// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/judge/deletion_curves.h"

#include <algorithm>
#include <numeric>

#include "core/explain/hiding/masked_score.h"
#include "core/explain/map/draws.h"

namespace lapidary::core {
namespace {

/// Positions that can be hidden, the most important first.
std::vector<std::size_t> ranked(const HiddenInput& input, std::span<const float> map, std::uint64_t seed) {
  const std::vector<char> can = input.hideable();
  std::vector<std::size_t> positions;
  std::vector<double> lot(map.size());
  Draws draws(seed, 0);
  for (std::size_t i = 0; i < map.size(); ++i) {
    lot[i] = draws.unit();
    if (can[i] != 0) positions.push_back(i);
  }
  std::ranges::sort(positions, [&](std::size_t a, std::size_t b) {
    return map[a] != map[b] ? map[a] > map[b] : lot[a] < lot[b];
  });
  return positions;
}

}  // namespace

DeletionCurves deletionCurves(const SaliencyTask& task, std::span<const float> map, std::size_t steps,
                              std::uint64_t seed) {
  const MaskedScore masked(task);
  if (map.size() != masked.geometry().pixels())
    throw Error(ErrorKind::Usage, "the map does not fit the input");
  const std::vector<std::size_t> order = ranked(masked.input(), map, seed);
  steps = std::max<std::size_t>(1, steps);
  const auto maskOf = [&](std::size_t i) {
    const bool deletes = i <= steps;
    const std::size_t done = order.size() * (deletes ? i : i - steps - 1) / steps;
    Mask mask(map.size(), deletes ? 1.0f : 0.0f);
    for (std::size_t k = 0; k < done; ++k) mask[order[k]] = deletes ? 0.0f : 1.0f;
    return mask;
  };
  const std::vector<TargetScore> scores = masked.of(2 * (steps + 1), maskOf);
  DeletionCurves curves;
  for (std::size_t i = 0; i < scores.size(); ++i)
    (i <= steps ? curves.deletion : curves.insertion).push_back(static_cast<double>(scores[i].probability));
  return curves;
}

double areaUnder(std::span<const double> curve) {
  if (curve.size() < 2) return curve.empty() ? 0 : curve[0];
  const double inner = std::accumulate(curve.begin(), curve.end(), 0.0) - (curve.front() + curve.back()) / 2;
  return inner / static_cast<double>(curve.size() - 1);
}

}  // namespace lapidary::core
