// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals against published values.
#include "core/analyze/statistics.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

struct Published {
  std::size_t successes, trials;
  double low, high;
};

/// Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
TEST(Wilson, MatchesNewcombesTable) {
  for (const Published& p : {Published{81, 263, 0.2553, 0.3662}, Published{15, 148, 0.0624, 0.1605},
                             Published{0, 20, 0.0, 0.1611}, Published{1, 29, 0.0061, 0.1718}}) {
    const Interval found = wilsonInterval(p.successes, p.trials);
    EXPECT_NEAR(found.low, p.low, 5e-5) << p.successes;
    EXPECT_NEAR(found.high, p.high, 5e-5) << p.successes;
  }
}

TEST(Wilson, EndsStayInside) {
  EXPECT_EQ(wilsonInterval(20, 20).high, 1);
  EXPECT_EQ(wilsonInterval(0, 7).low, 0);
  EXPECT_EQ(wilsonInterval(0, 0).high, 1);
}

/// Agresti, Categorical Data Analysis, section 10.1: approval of a prime minister, 1600 people, 150 who
/// changed one way and 86 the other; 95 % interval -0.06 to -0.02.
TEST(Paired, MatchesThePublishedSurvey) {
  const Interval found = pairedInterval(86, 150, 1600);
  EXPECT_NEAR(found.low, -0.06, 0.005);
  EXPECT_NEAR(found.high, -0.02, 0.005);
}

/// The R function that Agresti gives beside Agresti and Min 2005, evaluated by hand for b=12, c=4, n=100:
/// difference -8/102, deviation sqrt(17 - 64/102)/102.
TEST(Paired, IsTheAdjustedWaldInterval) {
  const Interval found = pairedInterval(4, 12, 100);
  EXPECT_NEAR(found.low, -0.0784313725 - 1.95996398 * 0.0396696143, 1e-6);
  EXPECT_NEAR(found.high, -0.0784313725 + 1.95996398 * 0.0396696143, 1e-6);
}

TEST(Paired, IsNeverEmptyAndNeverOutside) {
  const Interval unchanged = pairedInterval(0, 0, 2000);
  EXPECT_LT(unchanged.low, 0);
  EXPECT_GT(unchanged.high, 0);
  EXPECT_LT(unchanged.high, 0.001);
  EXPECT_GE(pairedInterval(0, 3, 3).low, -1);
  EXPECT_LE(pairedInterval(3, 0, 3).high, 1);
}

}  // namespace
}  // namespace lapidary::core
