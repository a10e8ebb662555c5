// SPDX-License-Identifier: GPL-3.0-or-later
// Pruning spread over steps: the published curve, its ends, and what of a recipe follows it.
#include "core/compress/prune/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lapidary::core {
namespace {

const PruneSchedule cubic{ScheduleKind::Cubic, 10, 110, 0.2};

TEST(Schedule, FollowsThePublishedCurveFromBeginToEnd) {
  EXPECT_EQ(sparsityAt(cubic, 0.9, 9), 0);
  EXPECT_DOUBLE_EQ(sparsityAt(cubic, 0.9, 10), 0.2);
  for (std::size_t step = 10; step < 110; ++step)
    EXPECT_NEAR(sparsityAt(cubic, 0.9, step),
                0.9 + (0.2 - 0.9) * std::pow(1 - (static_cast<double>(step) - 10) / 100, 3), 1e-12);
  EXPECT_EQ(sparsityAt(cubic, 0.9, 110), 0.9);
  EXPECT_EQ(sparsityAt(cubic, 0.9, 100'000), 0.9);
}

TEST(Schedule, NeverFallsAndNeverPassesTheTarget) {
  for (const double target : {0.0, 0.1, 0.95}) {
    double before = 0;
    for (std::size_t step = 0; step < 120; ++step) {
      const double now = sparsityAt(cubic, target, step);
      EXPECT_GE(now, before);
      EXPECT_LE(now, target);
      before = now;
    }
  }
}

TEST(Schedule, WithoutStepsItIsAllThereAtOnce) {
  EXPECT_EQ(sparsityAt({}, 0.7, 0), 0.7);
  EXPECT_EQ(sparsityAt({ScheduleKind::Cubic, 5, 5, 0}, 0.7, 5), 0.7);
  EXPECT_EQ(sparsityAt({ScheduleKind::Cubic, 5, 5, 0}, 0.7, 4), 0);
}

TEST(Schedule, SharesFollowWhatHasNoneWaitsAndCodesStay) {
  Recipe target;
  target.globalSparsity = 0.8;
  target.set("share", {{PruneMode::Sparsity, 0.9}, {Scheme::Symmetric, 4}});
  target.set("blocks", {{PruneMode::Blocks, 0.5}, {}});
  target.set("global", {{PruneMode::Global}, {}});
  target.set("pattern", {{PruneMode::Pattern}, {}});
  target.set("channels", {{PruneMode::Channels, 0.5}, {Scheme::Affine, 8}});
  const Recipe at = recipeAt(cubic, target, 60);
  EXPECT_EQ(at.editOf("share").prune.value, sparsityAt(cubic, 0.9, 60));
  EXPECT_EQ(at.editOf("share").quantize, target.editOf("share").quantize);
  EXPECT_EQ(at.editOf("blocks").prune.value, sparsityAt(cubic, 0.5, 60));
  EXPECT_EQ(at.globalSparsity, sparsityAt(cubic, 0.8, 60));
  EXPECT_EQ(at.editOf("global").prune.mode, PruneMode::Global);
  EXPECT_FALSE(at.edits.contains("pattern"));
  EXPECT_EQ(at.editOf("channels").prune.mode, PruneMode::None);
  EXPECT_EQ(at.editOf("channels").quantize.scheme, Scheme::Affine);
  EXPECT_EQ(recipeAt(cubic, target, 110), target);
  EXPECT_EQ(recipeAt({}, target, 0), target);
}

}  // namespace
}  // namespace lapidary::core
