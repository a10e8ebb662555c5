// SPDX-License-Identifier: GPL-3.0-or-later
// Methods that hide parts of the input, against one run a mask and against all coalitions.
#include <gtest/gtest.h>

#include <bit>
#include <numeric>

#include "core/explain/hiding/coalitions.h"
#include "core/explain/hiding/masked_score.h"
#include "core/explain/hiding/rise.h"
#include "core/explain/hiding/segments.h"
#include "tests/core/explain/explained_digit.h"

namespace lapidary::core {
namespace {

TEST(HiddenInput, TakesTheMeanWhereNothingIsShown) {
  const HiddenInput input(Tensor::from<float>({1, 2, 1, 2}, {1, 3, 10, 20}));
  const Mask masks[]{{1, 0}, {0.5f, 1}};
  const Tensor batch = input.hidden(masks);
  EXPECT_EQ(batch.shape(), (Shape{2, 2, 1, 2}));
  EXPECT_EQ(std::vector<float>(batch.as<float>().begin(), batch.as<float>().end()),
            (std::vector<float>{1, 2, 10, 15, 1.5f, 3, 12.5f, 20}));
}

TEST(HiddenInput, SetsTokensToZero) {
  const HiddenInput input(Tensor::from<std::int64_t>({1, 3}, {7, 8, 0}));
  EXPECT_EQ(input.hideable(), (std::vector<char>{1, 1, 0}));
  const Mask masks[]{{1, 0, 1}};
  EXPECT_EQ(toInt64(input.hidden(masks)), (std::vector<std::int64_t>{7, 0, 0}));
}

TEST(Segments, CoverPicturesAndFollowEdges) {
  std::vector<float> pixels(400, 0);
  for (std::size_t i = 0; i < 400; ++i) pixels[i] = i % 20 < 7 ? 1.0f : 0.0f;  // an edge off the grid
  const HiddenInput input(Tensor::from<float>({1, 1, 20, 20}, std::span<const float>(pixels)));
  const Segments segments = segmentsOf(input, 16);
  EXPECT_GE(segments.count, 8u);
  EXPECT_LE(segments.count, 16u);
  std::vector<double> lit(segments.count, 0), all(segments.count, 0);
  for (std::size_t i = 0; i < 400; ++i) {
    ASSERT_LT(segments.of[i], segments.count);
    lit[segments.of[i]] += static_cast<double>(pixels[i]);
    all[segments.of[i]] += 1;
  }
  for (std::size_t s = 0; s < segments.count; ++s) EXPECT_TRUE(lit[s] == 0 || lit[s] == all[s]) << s;
}

TEST(Rise, IsASumOverMasks) {
  const ExplainedDigit digit;
  SaliencyOptions options;
  options.riseMasks = 50;
  const SaliencyMap map = digit.map(SaliencyMethod::Rise, options);
  std::vector<double> sum(784, 0);
  double shown = 0;
  for (std::size_t k = 0; k < 50; ++k) {
    const Mask mask = riseMask(geometryOf({1, 1, 28, 28}), false, options, k);
    std::vector<float> image(784);
    const auto pixels = digit.inputs[0].as<float>();
    const float mean = std::accumulate(pixels.begin(), pixels.end(), 0.0f) / 784;
    for (std::size_t i = 0; i < 784; ++i) image[i] = mask[i] * pixels[i] + (1 - mask[i]) * mean;
    const double probability =
        digit.scores(Tensor::from<float>({1, 1, 28, 28}, std::span<const float>(image)))
            .probability(0, map.targetClass);
    for (std::size_t i = 0; i < 784; ++i) {
      sum[i] += probability * static_cast<double>(mask[i]) / (50 * 0.5);
      shown += static_cast<double>(mask[i]);
    }
  }
  EXPECT_NEAR(shown / (784 * 50), 0.5, 0.05);
  const double least = *std::ranges::min_element(sum);
  for (std::size_t i = 0; i < 784; ++i) EXPECT_NEAR(static_cast<double>(map.values[i]), sum[i] - least, 1e-3);
}

/// Shapley values by their definition: over all orders, which is over all subsets.
std::vector<double> shapley(const std::vector<double>& worth, std::size_t players) {
  std::vector<double> values(players, 0);
  std::vector<double> factorial(players + 1, 1);
  for (std::size_t i = 1; i <= players; ++i) factorial[i] = factorial[i - 1] * static_cast<double>(i);
  for (std::size_t set = 0; set < worth.size(); ++set) {
    const auto size = static_cast<std::size_t>(std::popcount(set));
    for (std::size_t player = 0; player < players; ++player)
      if ((set >> player & 1) == 0)
        values[player] += factorial[size] * factorial[players - size - 1] / factorial[players] *
                          (worth[set | std::size_t{1} << player] - worth[set]);
  }
  return values;
}

TEST(KernelShap, IsExactWhereAllCoalitionsAreTaken) {
  const ExplainedDigit digit;
  SaliencyOptions options;
  options.shapSegments = 9;
  const SaliencyMap map = digit.map(SaliencyMethod::KernelShap, options);
  const HiddenInput input(digit.inputs[0]);
  const Segments segments = segmentsOf(input, 9);
  ASSERT_GE(segments.count, 4u);
  ASSERT_LE(segments.count, 9u);
  std::vector<double> worth;
  for (std::size_t set = 0; set < std::size_t{1} << segments.count; ++set) {
    std::vector<char> shown;
    for (std::size_t player = 0; player < segments.count; ++player) shown.push_back((set >> player & 1) != 0);
    const Mask masks[]{segments.maskOf(shown)};
    const ClassScores scores = digit.scores(input.hidden(masks));
    worth.push_back(static_cast<double>(scores.values[scores.indexOf(0, map.targetClass)]));
  }
  const auto exact = segments.spread(shapley(worth, segments.count));
  for (std::size_t i = 0; i < 784; ++i) EXPECT_NEAR(map.values[i], exact[i], 1e-4f);
  ASSERT_TRUE(map.completeness);
  EXPECT_NEAR(map.completeness->expected, worth.back() - worth.front(), 1e-3);
  EXPECT_NEAR(map.completeness->error(), 0, 1e-3);
}

TEST(KernelShap, SampledCoalitionsComeCloseToAll) {
  const std::size_t players = 11;
  std::vector<double> worth;
  for (std::size_t set = 0; set < std::size_t{1} << players; ++set)  // pairs of neighbours work together
    worth.push_back(2.0 * std::popcount(set) + 3.0 * std::popcount(set & set >> 1) + (set & 1 ? 5 : 0));
  const auto exact = shapley(worth, players);
  const auto coalitions = chosenCoalitions(players, 400, 3);
  EXPECT_LE(coalitions.size(), 400u);
  EXPECT_GE(coalitions.size(), 398u);
  std::vector<double> worths;
  for (const Coalition& coalition : coalitions) {
    std::size_t set = 0;
    for (std::size_t player = 0; player < players; ++player)
      set |= static_cast<std::size_t>(coalition.members[player]) << player;
    worths.push_back(worth[set]);
  }
  const auto found = shapleyRegression(coalitions, worths, worth.front(), worth.back(), players);
  double sum = 0;
  for (std::size_t player = 0; player < players; ++player) {
    EXPECT_NEAR(found[player], exact[player], 0.25) << player;
    sum += found[player];
  }
  EXPECT_NEAR(sum, worth.back() - worth.front(), 1e-9);
}

TEST(KernelShap, AllCoalitionsWeighAsTheKernelSays) {
  const auto coalitions = chosenCoalitions(4, 100, 1);
  ASSERT_EQ(coalitions.size(), 14u);
  for (const Coalition& coalition : coalitions) {
    const auto size = std::ranges::count(coalition.members, char{1});
    EXPECT_NEAR(coalition.weight, size == 2 ? 3.0 / (6 * 2 * 2) : 3.0 / (4 * 1 * 3), 1e-12);
  }
  EXPECT_TRUE(chosenCoalitions(1, 100, 1).empty());
  EXPECT_EQ(shapleyRegression({}, {}, 1, 3, 1), (std::vector<double>{2}));
}

}  // namespace
}  // namespace lapidary::core
