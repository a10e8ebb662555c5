// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/rank.h"

#include <gmock/gmock.h>

#include <vector>

namespace lapidary::core {
namespace {

TEST(Spearman, KnowsMonotoneAndReversedSeries) {
  const std::vector<float> a{1, 2, 3, 4}, squares{1, 4, 9, 16}, reversed{4, 3, 2, 1};
  EXPECT_DOUBLE_EQ(spearman(a, squares), 1);
  EXPECT_DOUBLE_EQ(spearman(a, reversed), -1);
}

TEST(Spearman, TiesShareTheirMeanRank) {
  // Ranks of a: 0.5 0.5 2 3; of b: 0 1 2 3. rho = 4.5 / sqrt(4.5 * 5).
  const std::vector<float> a{1, 1, 2, 3}, b{1, 2, 3, 4};
  EXPECT_NEAR(spearman(a, b), 0.9486832980505138, 1e-12);
}

TEST(Spearman, ConstantSeries) {
  const std::vector<float> flat{2, 2, 2}, rising{1, 2, 3};
  EXPECT_EQ(spearman(flat, flat), 1);
  EXPECT_EQ(spearman(flat, rising), 0);
}

}  // namespace
}  // namespace lapidary::core
