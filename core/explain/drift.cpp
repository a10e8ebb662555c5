// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/drift.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analyze/statistics.h"
#include "core/explain/explain_sample.h"
#include "core/explain/map/similarity.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

bool finite(const SaliencyMap& map) {
  return std::ranges::all_of(map.values, [](float value) { return std::isfinite(value); });
}

KeptFigure keptOf(const std::vector<double>& values, double lowest) {
  if (values.empty()) return {};
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return {sum / static_cast<double>(values.size()), meanInterval(values, lowest, 1)};
}

}  // namespace

std::vector<std::size_t> driftSamples(const Dataset& data, std::size_t count) {
  const auto first = data.order().begin();
  return {first, first + static_cast<std::ptrdiff_t>(std::min(count, data.size()))};
}

std::vector<SaliencyMap> saliencyMaps(const ExplainedModel& explained, std::span<const std::size_t> samples,
                                      SaliencyMethod method, std::span<const std::int64_t> targets,
                                      unsigned workers, const Progress& progress) {
  std::vector<SaliencyMap> maps(samples.size());
  const Progress stopOnly{progress.stop, {}};
  parallelFor(samples.size(), workers, [&](std::size_t i, unsigned) {
    const std::size_t one[] = {samples[i]};
    maps[i] = saliency(explained.model, explained.executor, explained.data.inputs(one), method,
                       targets.empty() ? -1 : targets[i], stopOnly);
  });
  return maps;
}

MapSimilarity similarityOf(const SaliencyMap& before, const SaliencyMap& after, double topShare) {
  if (!finite(before) || !finite(after)) return {0, 0, 0};
  if (before.values == after.values) return {};  // rounding must not make it less than 1
  return {rankCorrelation(before, after), structuralSimilarity(before, after),
          topOverlap(before, after, topShare)};
}

SaliencyDrift driftBetween(const std::vector<SaliencyMap>& before, const std::vector<SaliencyMap>& after,
                           const DriftOptions& options) {
  std::vector<double> rank, ssim, top;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].width != after[i].width || before[i].height != after[i].height) continue;
    const MapSimilarity alike = similarityOf(before[i], after[i], options.topShare);
    rank.push_back(alike.rank);
    ssim.push_back(alike.ssim);
    top.push_back(alike.top);
  }
  return {options, rank.size(), keptOf(rank, -1), keptOf(ssim, -1), keptOf(top, 0)};
}

SaliencyDrift noDrift(std::size_t samples, const DriftOptions& options) {
  return {options, samples, {}, {}, {}};
}

}  // namespace lapidary::core
