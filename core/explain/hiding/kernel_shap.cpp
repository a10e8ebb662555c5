// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/kernel_shap.h"

#include <algorithm>
#include <numeric>

#include "core/explain/hiding/coalitions.h"
#include "core/explain/hiding/masked_score.h"
#include "core/explain/hiding/segments.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostPlayers = 2048;  ///< a regression of more would take minutes

}  // namespace

SaliencyMap kernelShapMap(const SaliencyTask& task) {
  const MaskedScore masked(task);
  const Segments segments = segmentsOf(masked.input(), task.options.shapSegments);
  if (segments.count > mostPlayers)
    throw Error(ErrorKind::Unsupported, "Kernel SHAP over " + std::to_string(segments.count) +
                                            " segments is out of reach: ask for at most " +
                                            std::to_string(mostPlayers));
  const auto coalitions = chosenCoalitions(segments.count, task.options.shapCoalitions, task.options.seed);
  const std::vector<char> nobody(segments.count, 0);
  const auto scores = masked.of(coalitions.size() + 1, [&](std::size_t i) {
    return segments.maskOf(i < coalitions.size() ? std::span<const char>(coalitions[i].members)
                                                 : std::span<const char>(nobody));
  });
  std::vector<double> worths;
  for (const TargetScore& score : scores) worths.push_back(static_cast<double>(score.score));
  const double empty = worths.back(), full = static_cast<double>(masked.whole().score);
  const std::vector<double> values = shapleyRegression(coalitions, worths, empty, full, segments.count);
  SaliencyMap map = masked.mapOf(segments.spread(values));
  map.completeness = {std::accumulate(map.values.begin(), map.values.end(), 0.0), full - empty};
  return map;
}

}  // namespace lapidary::core
