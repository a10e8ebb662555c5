// SPDX-License-Identifier: GPL-3.0-or-later
// The search from the window: forecast, front in the chart, the best applied as one step, stopped at any
// time.
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>

#include "tests/ui/demo.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/visited_recipes.h"
#include "ui/jobs/long_job.h"
#include "ui/search/search_dialog.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {
namespace {

struct SearchWindow : testing::Test {
  SearchWindow() : visited(document) {
    document.open(demoSession());
    core::Outcome original;
    original = document.session()->evaluate({}, {.measure = {}}, {});
    visited.add(original);
  }
  Document document;
  VisitedRecipes visited;
};

TEST_F(SearchWindow, FindsACutWithinTheFloorAndAppliesItAsOneStep) {
  SearchDialog dialog(document, visited);
  dialog.show();
  EXPECT_TRUE(eventually([&] { return !dialog.forecast()->text().isEmpty(); }));
  dialog.floor()->setValue(1);
  dialog.minutes()->setValue(0.1 * slowness);
  EXPECT_DOUBLE_EQ(*dialog.request().maxDrop, 0.01);
  EXPECT_DOUBLE_EQ(*dialog.request().seconds, 6 * slowness);
  EXPECT_FALSE(dialog.request().maxBytes);
  QTest::mouseClick(dialog.button(), Qt::LeftButton);
  EXPECT_TRUE(dialog.searching());
  EXPECT_EQ(dialog.button()->text(), "Stop");
  ASSERT_TRUE(eventually([&] { return !visited.searchFront().empty(); }, 60000))
      << "the front grows while it runs";
  ASSERT_TRUE(eventually([&] { return !dialog.searching(); }, 120000));
  EXPECT_TRUE(document.recipe().empty()) << "it is offered, not imposed";
  EXPECT_TRUE(dialog.state()->text().contains("no choice has seen")) << dialog.state()->text().toStdString();
  QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
  EXPECT_EQ(document.undoStack()->count(), 1);
  const auto outcome = document.session()->evaluate(document.recipe(), {.measure = {}}, {});
  EXPECT_LT(outcome.footprint.fileAfter, outcome.footprint.fileBefore / 5);
  EXPECT_GT(*outcome.quality->change, -0.03);
  document.undoStack()->undo();
  EXPECT_TRUE(document.recipe().empty());
}

TEST_F(SearchWindow, SaliencyCanBeAskedFor) {
  SearchDialog dialog(document, visited);
  EXPECT_FALSE(dialog.request().minSaliency);
  EXPECT_FALSE(dialog.leastSaliency()->isEnabled());
  dialog.keepSaliency()->setChecked(true);
  EXPECT_TRUE(dialog.leastSaliency()->isEnabled());
  dialog.leastSaliency()->setValue(0.85);
  dialog.measure()->setCurrentIndex(1);
  EXPECT_DOUBLE_EQ(*dialog.request().minSaliency, 0.85);
  EXPECT_EQ(dialog.request().saliencyMeasure, core::DriftMeasure::Ssim);
}

TEST_F(SearchWindow, StoppingOffersTheBestSoFar) {
  SearchDialog dialog(document, visited);
  dialog.show();
  dialog.minutes()->setValue(60);
  dialog.start();
  // A front of one is no failure: a cut may be smaller than the original and no worse.
  const auto found = [&] {
    return std::ranges::any_of(visited.searchFront(),
                               [](const auto& visit) { return !visit.recipe.empty(); });
  };
  ASSERT_TRUE(eventually(found, 120000));
  QTest::mouseClick(dialog.button(), Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return !dialog.searching(); }, 60000));
  dialog.apply();
  EXPECT_FALSE(document.recipe().empty());
}

TEST_F(SearchWindow, ClosingLeavesItAtWorkAndTheResultWaits) {
  SearchDialog dialog(document, visited);
  dialog.minutes()->setValue(0.1 * slowness);
  dialog.show();
  dialog.start();
  dialog.reject();
  EXPECT_FALSE(dialog.isVisible());
  EXPECT_TRUE(dialog.searching());
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Running);
  ASSERT_TRUE(eventually([&] { return !dialog.searching(); }, 120000));
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Done);
  EXPECT_TRUE(document.recipe().empty());
  dialog.show();
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Done) << "it has not been taken";
  EXPECT_TRUE(dialog.applyButton()->isVisible());
  dialog.apply();
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Idle);
}

TEST_F(SearchWindow, AnotherModelEndsIt) {
  SearchDialog dialog(document, visited);
  dialog.show();
  dialog.start();
  ASSERT_TRUE(dialog.searching());
  document.close();
  EXPECT_FALSE(dialog.searching());
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Idle);
  EXPECT_FALSE(dialog.button()->isEnabled());
  EXPECT_TRUE(quiet());
}

TEST_F(SearchWindow, ABudgetOfBytesIsAskedFor) {
  SearchDialog dialog(document, visited);
  EXPECT_FALSE(dialog.kilobytes()->isEnabled());
  dialog.limitBytes()->setChecked(true);
  dialog.kilobytes()->setValue(42);
  EXPECT_EQ(dialog.request().maxBytes, 42'000u);
}

}  // namespace
}  // namespace lapidary::ui
