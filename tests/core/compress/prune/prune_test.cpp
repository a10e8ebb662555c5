// SPDX-License-Identifier: GPL-3.0-or-later
// Pruning against a sort with index as tie breaker.
#include "core/compress/prune/prune.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/compress/cut/cutter.h"
#include "tests/core/compress/models.h"

namespace lapidary::core {
namespace {

/// Many equal magnitudes, so that ties matter.
Tensor coarseWeight(std::int64_t n, unsigned seed) {
  const Tensor fine = test::normalWeight({n}, seed, 1.0f);
  std::vector<float> values;
  for (const float v : fine.as<float>()) values.push_back(std::round(v * 3) / 3);
  return Tensor::from<float>({n}, values);
}

std::vector<float> prunedByRank(std::span<const float> weights, std::size_t count) {
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::fabs(weights[a]) < std::fabs(weights[b]);
  });
  std::vector<float> result(weights.begin(), weights.end());
  for (std::size_t i = 0; i < count; ++i) result[order[i]] = 0;
  return result;
}

TEST(Prune, SparsityZeroesExactlyTheLeastByIndex) {
  const Tensor weight = coarseWeight(997, 5);
  const WeightStatistics statistics(weight);
  for (const double share : {0.0, 0.001, 0.1, 0.333, 0.5, 0.77, 0.999, 1.0}) {
    const auto count = static_cast<std::size_t>(std::floor(share * 997));
    const Cutoff cutoff = cutoffFor(statistics, {PruneMode::Sparsity, share});
    std::vector<float> found(997);
    prune(weight.as<float>(), cutoff, found);
    EXPECT_EQ(found, prunedByRank(weight.as<float>(), count)) << share;
    EXPECT_EQ(zerosAfter(statistics, cutoff), std::count(found.begin(), found.end(), 0.0f)) << share;
  }
}

TEST(Prune, ThresholdComparesInDouble) {
  const float w = 0.1f;  // a little more than the double 0.1
  const Tensor weight = Tensor::from<float>({3}, {w, -w, 0.05f});
  std::vector<float> out(3);
  prune(weight.as<float>(), {0.1, 0}, out);
  EXPECT_EQ(out, (std::vector<float>{w, -w, 0}));
  prune(weight.as<float>(), {std::nextafter(static_cast<double>(w), 1.0), 0}, out);
  EXPECT_EQ(out, (std::vector<float>{0, 0, 0}));
  EXPECT_EQ(zerosAfter(WeightStatistics(weight), {static_cast<double>(w), 0}), 1);
}

TEST(Prune, WhatIsNotFiniteStays) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const Tensor weight = Tensor::from<float>({4}, {nan, -inf, 3.0f, 1e-30f});
  const WeightStatistics statistics(weight);
  for (const Cutoff cutoff : {cutoffFor(statistics, {PruneMode::Sparsity, 1.0}), Cutoff{1e300, 0}}) {
    std::vector<float> out(4);
    prune(weight.as<float>(), cutoff, out);
    EXPECT_TRUE(std::isnan(out[0]));
    EXPECT_EQ(out[1], -inf);
    EXPECT_EQ(out[2], 0);
    EXPECT_EQ(out[3], 0);
    EXPECT_EQ(zerosAfter(statistics, cutoff), 2);
  }
}

TEST(Prune, GlobalRankingTakesTheLeastOfAllLayers) {
  const std::vector<Tensor> weights{coarseWeight(300, 1), coarseWeight(50, 2), coarseWeight(700, 3)};
  std::vector<float> joined;
  std::vector<WeightStatistics> statistics;
  for (const Tensor& weight : weights) {
    joined.insert(joined.end(), weight.as<float>().begin(), weight.as<float>().end());
    statistics.emplace_back(weight);
  }
  const std::vector<const WeightStatistics*> layers{&statistics[0], &statistics[1], &statistics[2]};
  for (const double share : {0.0, 0.01, 0.4, 0.6, 0.95, 1.0}) {
    const std::vector<Cutoff> cutoffs = globalCutoffs(layers, share);
    std::vector<float> found;
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<float> out(static_cast<std::size_t>(weights[i].size()));
      prune(weights[i].as<float>(), cutoffs[i], out);
      found.insert(found.end(), out.begin(), out.end());
    }
    EXPECT_EQ(found, prunedByRank(joined, static_cast<std::size_t>(std::floor(share * 1050)))) << share;
  }
}

}  // namespace
}  // namespace lapidary::core
