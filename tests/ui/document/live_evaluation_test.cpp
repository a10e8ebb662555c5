// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluations: figures come, the latest recipe wins, and the first one is quick.
#include "ui/document/live_evaluation.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QSignalSpy>

#include "tests/ui/demo.h"

namespace lapidary::ui {

namespace {

core::Recipe sparse(const Document& document, double value) {
  return recipeOf(*document.session(), {{core::PruneMode::Sparsity, value}, {}});
}

}  // namespace

TEST(LiveEvaluation, OpeningBringsSizesAndAccuracy) {
  Document document;
  LiveEvaluation live(document);
  document.open(demoSession());
  ASSERT_TRUE(eventually([&] { return document.outcome().final; }));
  ASSERT_TRUE(document.outcome().quality && document.outcome().quality->top1);
  EXPECT_GT(*document.outcome().quality->top1, 0.9);
  EXPECT_GT(document.outcome().footprint.fileAfter, 0u);
}

TEST(LiveEvaluation, TheLatestRecipeWinsWithoutHoldingUpTheCaller) {
  Document document;
  LiveEvaluation live(document);
  document.open(demoSession());
  QElapsedTimer timer;
  timer.start();
  for (int i = 1; i <= 20; ++i) document.setRecipe(sparse(document, i * 0.04), "cut");
  EXPECT_LT(timer.elapsed(), 2000);
  ASSERT_TRUE(
      eventually([&] { return document.outcome().final && document.outcome().recipe == document.recipe(); }));
  EXPECT_EQ(document.outcome().recipe, sparse(document, 20 * 0.04));
}

TEST(LiveEvaluation, StopKeepsWhatIsThereAndResumeGoesOn) {
  Document document;
  LiveEvaluation live(document);
  document.open(demoSession());
  live.stop();
  EXPECT_TRUE(live.stopped());
  EXPECT_FALSE(live.running());
  live.resume();
  EXPECT_FALSE(live.stopped());
  EXPECT_TRUE(eventually([&] { return document.outcome().final; }));
}

TEST(LiveEvaluation, TellsHowLongTheFirstPaintedFigureTook) {
  Document document;
  LiveEvaluation live(document);
  QSignalSpy shown(&live, &LiveEvaluation::firstQualityShown);
  document.open(demoSession());
  ASSERT_TRUE(eventually([&] { return document.outcome().quality.has_value(); }));
  live.notePainted();
  live.notePainted();
  ASSERT_EQ(shown.count(), 1) << "once for a change";
  EXPECT_GT(shown[0][0].toDouble(), 0);
}

}  // namespace lapidary::ui
