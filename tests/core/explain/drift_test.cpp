// SPDX-License-Identifier: GPL-3.0-or-later
// Similarity of maps against naive loops, and drift of a real model.
#include "core/explain/drift.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/explain/map/similarity.h"
#include "core/io/common/format.h"
#include "core/model/override.h"
#include "core/run/executor.h"
#include "tests/support/demo_digits.h"

namespace lapidary::core {
namespace {

SaliencyMap randomMap(int width, int height, std::uint64_t seed, bool negative) {
  SaliencyMap map;
  map.width = width;
  map.height = height;
  std::mt19937_64 random(seed);
  for (int i = 0; i < width * height; ++i) {
    const float value = static_cast<float>(random() % 10007) / 10007.0f;
    map.values.push_back(negative ? 3 * value - 1 : 3 * value);
  }
  return map;
}

/// The formula of the paper at every pixel, a window of its own each time.
double naiveSsim(const SaliencyMap& a, const SaliencyMap& b, double range) {
  const auto largest = [](const SaliencyMap& map) {
    double most = 0;
    for (const float v : map.values) most = std::max(most, std::abs(double{v}));
    return most;
  };
  const double scaleA = largest(a), scaleB = largest(b);
  const double c1 = 0.01 * range * 0.01 * range, c2 = 0.03 * range * 0.03 * range;
  double sum = 0;
  for (int y = 0; y < a.height; ++y)
    for (int x = 0; x < a.width; ++x) {
      double weights = 0, meanA = 0, meanB = 0;
      const auto over = [&](const auto& visit) {
        for (int j = std::max(0, y - 5); j <= std::min(a.height - 1, y + 5); ++j)
          for (int i = std::max(0, x - 5); i <= std::min(a.width - 1, x + 5); ++i) {
            const auto at = static_cast<std::size_t>(j * a.width + i);
            const double weight = std::exp(-((i - x) * (i - x) + (j - y) * (j - y)) / 4.5);
            visit(weight, double{a.values[at]} / scaleA, double{b.values[at]} / scaleB);
          }
      };
      over([&](double w, double p, double q) { weights += w, meanA += w * p, meanB += w * q; });
      meanA /= weights, meanB /= weights;
      double varA = 0, varB = 0, both = 0;
      over([&](double w, double p, double q) {
        varA += w * (p - meanA) * (p - meanA) / weights;
        varB += w * (q - meanB) * (q - meanB) / weights;
        both += w * (p - meanA) * (q - meanB) / weights;
      });
      sum += (2 * meanA * meanB + c1) * (2 * both + c2) /
             ((meanA * meanA + meanB * meanB + c1) * (varA + varB + c2));
    }
  return sum / (a.width * a.height);
}

TEST(Similarity, SsimIsTheFormulaOfThePaper) {
  for (const auto& [width, height] : {std::pair{28, 28}, {17, 9}, {40, 1}, {3, 4}})
    for (const bool negative : {false, true}) {
      const SaliencyMap a = randomMap(width, height, 1, negative),
                        other = randomMap(width, height, 2, negative);
      SaliencyMap near = a;
      for (std::size_t i = 0; i < near.values.size(); ++i) near.values[i] += 0.3f * other.values[i];
      EXPECT_NEAR(structuralSimilarity(a, other), naiveSsim(a, other, negative ? 2 : 1), 1e-9);
      EXPECT_NEAR(structuralSimilarity(a, near), naiveSsim(a, near, negative ? 2 : 1), 1e-9);
      EXPECT_GT(structuralSimilarity(a, near), structuralSimilarity(a, other));
      EXPECT_EQ(structuralSimilarity(a, a), 1);
    }
}

TEST(Similarity, ScaleDoesNotCountAndZerosAreAMap) {
  const SaliencyMap a = randomMap(12, 12, 1, false);
  SaliencyMap twice = a, zeros = a;
  for (float& value : twice.values) value *= 2;
  std::ranges::fill(zeros.values, 0.0f);
  EXPECT_NEAR(structuralSimilarity(a, twice), 1, 1e-9);
  EXPECT_EQ(structuralSimilarity(zeros, zeros), 1);
  EXPECT_LT(structuralSimilarity(a, zeros), 0.2);
  SaliencyMap narrow = a;
  narrow.width = 6, narrow.height = 24;
  EXPECT_THROW(structuralSimilarity(a, narrow), Error);
  EXPECT_THROW(topOverlap(a, narrow, 0.1), Error);
}

TEST(Similarity, TopOverlapIsThatOfSortedPositions) {
  for (const double share : {0.01, 0.1, 0.5, 1.0}) {
    const SaliencyMap a = randomMap(28, 28, 3, true), b = randomMap(28, 28, 4, true);
    const auto top = [&](const SaliencyMap& map) {
      std::vector<std::size_t> order(map.values.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
        return std::abs(map.values[i]) > std::abs(map.values[j]);
      });
      order.resize(static_cast<std::size_t>(std::ceil(share * 784 - 1e-9)));
      std::sort(order.begin(), order.end());
      return order;
    };
    const auto inA = top(a), inB = top(b);
    std::vector<std::size_t> both;
    std::set_intersection(inA.begin(), inA.end(), inB.begin(), inB.end(), std::back_inserter(both));
    EXPECT_DOUBLE_EQ(topOverlap(a, b, share),
                     static_cast<double>(both.size()) / static_cast<double>(inA.size()));
    EXPECT_EQ(topOverlap(a, a, share), 1);
  }
  EXPECT_EQ(topCount(784, 0.1), 79u);
  EXPECT_EQ(topCount(10, 0.1), 1u);
  EXPECT_EQ(topCount(5, 0.001), 1u);
}

TEST(Similarity, WhatIsNoNumberKeepsNothing) {
  const SaliencyMap a = randomMap(8, 8, 1, false);
  SaliencyMap broken = a;
  broken.values[3] = std::numeric_limits<float>::quiet_NaN();
  const MapSimilarity alike = similarityOf(a, broken, 0.1);
  EXPECT_EQ(alike.rank + alike.ssim + alike.top, 0);
}

class DriftOfLeNet : public ::testing::Test {
 protected:
  /// Normal noise of so many deviations of each weight tensor.
  Model noisy(double strength) const {
    std::vector<std::pair<ValueId, Tensor>> changed;
    std::mt19937_64 random(7);
    for (const Layer& layer : model.layers) {
      const Tensor& weight = model.weights.at(layer.weight);
      const auto values = weight.as<float>();
      double squares = 0;
      for (const float value : values) squares += double{value} * double{value};
      const double deviation = strength * std::sqrt(squares / static_cast<double>(values.size()));
      std::normal_distribution<double> noise;
      TensorBuilder builder(DType::Float32, weight.shape());
      std::ranges::transform(values, builder.as<float>().begin(), [&](float value) {
        return static_cast<float>(double{value} + deviation * noise(random));
      });
      changed.emplace_back(layer.weight, std::move(builder).build());
    }
    Model made = model;
    for (auto& [id, tensor] : changed) made.weights[id] = tensor;
    return made;
  }

  SaliencyDrift driftOf(const Model& cut, const std::string& method, unsigned workers) const {
    const SaliencyMethod how =
        method == "gradient" ? SaliencyMethod::Gradient : SaliencyMethod::GradientInput;
    const DriftOptions options{method, 24, 0.1};
    const auto samples = driftSamples(*data, options.samples);
    const auto before = saliencyMaps({model, executor, *data}, samples, how, {}, workers, {});
    std::vector<std::int64_t> targets;
    for (const SaliencyMap& map : before) targets.push_back(map.targetClass);
    const Executor other(cut, {});
    return driftBetween(before, saliencyMaps({cut, other, *data}, samples, how, targets, workers, {}),
                        options);
  }

  Model model = readModel(demo + "lenet5.onnx");
  Executor executor{model, {}};
  std::shared_ptr<const Dataset> data = digits(model);
};

TEST_F(DriftOfLeNet, MoreNoiseOnTheWeightsIsMoreDrift) {
  for (const std::string method : {"gradient", "gradient-input"}) {
    double rank = 1.0001, ssim = 1.0001, top = 1.0001;
    for (const double strength : {0.0, 0.05, 0.2, 0.8}) {
      const SaliencyDrift drift = driftOf(noisy(strength), method, 2);
      EXPECT_EQ(drift.samples, 24u);
      EXPECT_LT(drift.rank.mean, rank) << method << ' ' << strength;
      EXPECT_LT(drift.ssim.mean, ssim) << method << ' ' << strength;
      EXPECT_LT(drift.top.mean, top) << method << ' ' << strength;
      EXPECT_LE(drift.rank.interval.low, drift.rank.mean);
      EXPECT_GE(drift.rank.interval.high, drift.rank.mean);
      rank = drift.rank.mean, ssim = drift.ssim.mean, top = drift.top.mean;
      if (strength == 0) {
        EXPECT_EQ(rank, 1);
        EXPECT_EQ(ssim, 1);
        EXPECT_EQ(top, 1);
      }
    }
  }
}

TEST_F(DriftOfLeNet, TheNumberOfThreadsDoesNotMatter) {
  const Model cut = noisy(0.3);
  const SaliencyDrift one = driftOf(cut, "gradient", 1), four = driftOf(cut, "gradient", 4);
  for (const auto measure : {DriftMeasure::RankCorrelation, DriftMeasure::Ssim, DriftMeasure::TopOverlap}) {
    EXPECT_EQ(one.of(measure).mean, four.of(measure).mean);
    EXPECT_EQ(one.of(measure).interval.low, four.of(measure).interval.low);
  }
}

TEST(Drift, AMeanAndItsInterval) {
  std::vector<SaliencyMap> before{randomMap(9, 9, 1, false), randomMap(9, 9, 2, false),
                                  randomMap(9, 9, 3, false)};
  std::vector<SaliencyMap> after{before[0], randomMap(9, 9, 5, false), randomMap(4, 4, 6, false)};
  const SaliencyDrift drift = driftBetween(before, after, {});
  EXPECT_EQ(drift.samples, 2u);  // maps of two sizes cannot be compared
  EXPECT_DOUBLE_EQ(drift.ssim.mean, (1 + structuralSimilarity(before[1], after[1])) / 2);
  EXPECT_EQ(drift.ssim.interval.high, 1);
  EXPECT_EQ(noDrift(5, {}).rank.interval.low, 1);
}

}  // namespace
}  // namespace lapidary::core
