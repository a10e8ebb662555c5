// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/class_scores.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace lapidary::core {
namespace {

ClassScores scoresOf(Shape shape, std::initializer_list<float> values) {
  const Tensor tensor = Tensor::from<float>(std::move(shape), values);
  return classScores(std::span(&tensor, 1), {});
}

TEST(ClassScores, ReadsLogitsAndTheirProbabilities) {
  const ClassScores scores = scoresOf({2, 3}, {1, 2, 3, 5, 1, 0});
  EXPECT_FALSE(scores.probabilities);
  EXPECT_EQ(scores.top1(0), 2);
  EXPECT_EQ(scores.top1(1), 0);
  EXPECT_NEAR(scores.probability(0, 2), std::exp(3.0) / (std::exp(1.0) + std::exp(2.0) + std::exp(3.0)),
              1e-12);
  EXPECT_NEAR(scores.crossEntropy(0, 0),
              std::log((std::exp(1.0) + std::exp(2.0) + std::exp(3.0)) / std::exp(1.0)), 1e-12);
}

TEST(ClassScores, TakesProbabilitiesAsTheyAre) {
  const ClassScores scores = scoresOf({1, 3}, {0.2f, 0.7f, 0.1f});
  EXPECT_TRUE(scores.probabilities);
  EXPECT_NEAR(scores.probability(0, 1), 0.7, 1e-6);
}

TEST(ClassScores, LargeLogitsDoNotOverflow) {
  const ClassScores scores = scoresOf({1, 2}, {1e30f, -1e30f});
  EXPECT_EQ(scores.probability(0, 0), 1.0);
  EXPECT_EQ(scores.crossEntropy(0, 0), 0.0);
}

TEST(ClassScores, AxesOfOneEntryDoNotCount) {
  EXPECT_EQ(scoresOf({2, 3, 1, 1}, {1, 2, 3, 4, 5, 6}).classes, 3u);
  EXPECT_EQ(scoresOf({2, 1, 1, 3}, {1, 2, 3, 4, 5, 6}).top1(1), 2);
}

TEST(ClassScores, SequencesGiveTheirFirstPosition) {
  const ClassScores scores = scoresOf({2, 2, 2}, {0, 1, 9, 9, 1, 0, 9, 9});
  EXPECT_EQ(scores.classes, 2u);
  EXPECT_EQ(scores.top1(0), 1);
  EXPECT_EQ(scores.top1(1), 0);
}

TEST(ClassScores, TopFiveCountsTiesByIndex) {
  const ClassScores scores = scoresOf({1, 7}, {1, 1, 1, 1, 1, 1, 2});
  EXPECT_TRUE(scores.within(0, 6, 1));
  EXPECT_TRUE(scores.within(0, 3, 5));
  EXPECT_FALSE(scores.within(0, 4, 5));
}

TEST(ClassScores, NotANumberIsNeverTheAnswer) {
  EXPECT_EQ(scoresOf({1, 3}, {std::numeric_limits<float>::quiet_NaN(), -2, -3}).top1(0), 1);
}

TEST(ClassScores, OutputsThatAreNoScoresAreRefused) {
  const Tensor integers = Tensor::from<std::int64_t>({1, 2}, {1, 2});
  EXPECT_THROW(classScores(std::span(&integers, 1), {}), Error);
  const ClassScores scores = scoresOf({1, 2}, {0, 1});
  EXPECT_THROW(scores.probability(0, 2), Error);
}

}  // namespace
}  // namespace lapidary::core
