// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/prune.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

std::int64_t share(double sparsity, std::int64_t count) {
  return static_cast<std::int64_t>(std::floor(sparsity * static_cast<double>(count)));
}

/// The least float that is not below: x < threshold and x < ceilToFloat(threshold) agree for every float.
float ceilToFloat(double threshold) {
  if (threshold > static_cast<double>(std::numeric_limits<float>::max()))
    return std::numeric_limits<float>::infinity();
  const float near = static_cast<float>(threshold);
  return static_cast<double>(near) < threshold ? std::nextafter(near, std::numeric_limits<float>::infinity())
                                               : near;
}

/// The least magnitude m with at least `wanted` weights of all layers at or below it, by bisection on
/// the bits of finite floats, which order like the numbers.
float magnitudeHolding(std::span<const WeightStatistics* const> layers, std::int64_t wanted) {
  std::uint32_t low = 0, high = 0x7f7fffffu;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    std::int64_t held = 0;
    for (const WeightStatistics* layer : layers) held += layer->countUpTo(std::bit_cast<float>(middle));
    if (held >= wanted)
      high = middle;
    else
      low = middle + 1;
  }
  return std::bit_cast<float>(low);
}

/// How many were below. Kept values are masked by their comparison: a choice of floats is not vectorised.
LAPIDARY_VECTORIZED std::int32_t zeroBelow(const float* weights, const float* scores, float threshold,
                                           float* __restrict out, std::size_t count) {
  std::int32_t pruned = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t below = -static_cast<std::int32_t>(std::fabs(scores[i]) < threshold);
    out[i] = std::bit_cast<float>(std::bit_cast<std::int32_t>(weights[i]) & ~below);
    pruned -= below;
  }
  return pruned;
}

}  // namespace

Cutoff cutoffForCount(const WeightStatistics& statistics, std::int64_t count) {
  const std::int64_t pruned = std::min(count, statistics.finite());
  if (pruned <= 0) return {};
  return {statistics.magnitudeOfRank(pruned - 1), pruned};
}

Cutoff cutoffFor(const WeightStatistics& statistics, const Prune& prune) {
  switch (prune.mode) {
    case PruneMode::Threshold:
      return {prune.value, 0};
    case PruneMode::Sparsity:
      return cutoffForCount(statistics, share(prune.value, statistics.count()));
    default:
      break;
  }
  return {};
}

std::vector<Cutoff> globalCutoffs(std::span<const WeightStatistics* const> layers, double sparsity) {
  std::int64_t total = 0, finite = 0;
  for (const WeightStatistics* layer : layers) total += layer->count(), finite += layer->finite();
  const std::int64_t wanted = std::min(share(sparsity, total), finite);
  std::vector<Cutoff> cutoffs(layers.size());
  if (wanted <= 0) return cutoffs;
  const float threshold = magnitudeHolding(layers, wanted);
  std::int64_t ties = wanted;
  for (const WeightStatistics* layer : layers) ties -= layer->countBelow(threshold);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::int64_t below = layers[i]->countBelow(threshold);
    const std::int64_t taken = std::min(ties, layers[i]->countUpTo(threshold) - below);
    cutoffs[i] = {threshold, below + taken};
    ties -= taken;
  }
  return cutoffs;
}

std::int64_t zerosAfter(const WeightStatistics& statistics, const Cutoff& cutoff) {
  const std::int64_t below = std::min(statistics.countBelow(cutoff.threshold), statistics.finite());
  return std::max({below, cutoff.count, statistics.zeros()});
}

void prune(std::span<const float> weights, const Cutoff& cutoff, std::span<float> out) {
  pruneByScores(weights, weights, cutoff, out);
}

void pruneByScores(std::span<const float> weights, std::span<const float> scores, const Cutoff& cutoff,
                   std::span<float> out) {
  constexpr std::size_t block = 65536;
  const float threshold = ceilToFloat(cutoff.threshold);
  std::int64_t pruned = 0;
  for (std::size_t at = 0; at < weights.size(); at += block)
    pruned += zeroBelow(weights.data() + at, scores.data() + at, threshold, out.data() + at,
                        std::min(block, weights.size() - at));
  for (std::size_t i = 0; i < weights.size() && pruned < cutoff.count; ++i) {
    if (static_cast<double>(std::fabs(scores[i])) != cutoff.threshold) continue;
    out[i] = 0.0f;
    ++pruned;
  }
}

}  // namespace lapidary::core
