// SPDX-License-Identifier: GPL-3.0-or-later
// The profile: measured when asked, cancelled at once, out of date when the recipe changes.
#include "ui/live/profile_chart.h"

#include <gtest/gtest.h>

#include <QHelpEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolTip>

#include "tests/ui/demo.h"
#include "ui/live/bytes_bars.h"
#include "ui/live/pair_bars.h"

namespace lapidary::ui {
namespace {

core::LayerEdit half() { return {{core::PruneMode::Sparsity, 0.5}, {}}; }

QPushButton* visibleButton(ProfileChart& chart) {
  for (auto* button : chart.findChildren<QPushButton*>())
    if (button->isVisible()) return button;
  return nullptr;
}

TEST(ProfileChart, IsMeasuredWhenAskedAndSaysWhatTheFiguresAre) {
  Document document;
  ProfileChart chart(document);
  chart.resize(360, 400);
  chart.show();
  EXPECT_EQ(visibleButton(chart), nullptr) << "there is nothing to measure";
  document.open(demoSession("demo:lenet5"));
  document.setRecipe(recipeOf(*document.session(), half()), "cut");
  EXPECT_FALSE(chart.profile());
  EXPECT_EQ(chart.note(), "");
  QTest::mouseClick(visibleButton(chart), Qt::LeftButton);
  EXPECT_TRUE(chart.measuring());
  ASSERT_TRUE(eventually([&] { return chart.profile().has_value(); }));
  ASSERT_TRUE(eventually([&] { return !chart.measuring(); }));
  ASSERT_EQ(chart.bars()->rows().size(), chart.profile()->steps.size());
  EXPECT_EQ(chart.bars()->rows()[0].name, "conv1");
  EXPECT_TRUE(chart.bars()->rows()[0].numbers.contains(QStringLiteral(" → ")));
  EXPECT_EQ(chart.bars()->table().size(), chart.profile()->steps.size() + 1);
  EXPECT_FALSE(chart.outdated());
  EXPECT_TRUE(chart.note().contains("GFLOP/s"));
  document.setRecipe({}, "back");
  EXPECT_TRUE(chart.outdated());
  EXPECT_TRUE(chart.note().contains("measure again"));
  EXPECT_EQ(visibleButton(chart), chart.againButton());
}

TEST(ProfileChart, ARowTellsItsFigures) {
  Document document;
  ProfileChart chart(document);
  chart.resize(360, 400);
  chart.show();
  document.open(demoSession("demo:lenet5"));
  chart.measure();
  ASSERT_TRUE(eventually([&] { return chart.profile().has_value(); }));
  QWidget* bars = chart.bars()->widget();
  const QPoint at = chart.bars()->pointOf(1);
  QHelpEvent help(QEvent::ToolTip, at, bars->mapToGlobal(at));
  QCoreApplication::sendEvent(bars, &help);
  const QString& tip = chart.bars()->rows()[1].tip;
  for (const char* word : {"ms", "MFLOP", "of this machine's peak", "kB"})
    EXPECT_TRUE(tip.contains(word)) << word << " in " << tip.toStdString();
  EXPECT_EQ(QToolTip::text(), tip);
  QToolTip::hideText();
}

TEST(ProfileChart, ACancelLeavesWhatWasThere) {
  Document document;
  ProfileChart chart(document);
  chart.show();
  document.open(demoSession("demo:lenet5"));
  chart.measure();
  EXPECT_TRUE(chart.measuring());
  QTest::mouseClick(visibleButton(chart), Qt::LeftButton);
  EXPECT_FALSE(chart.measuring());
  ASSERT_TRUE(quiet());
  EXPECT_FALSE(chart.profile());
  ASSERT_NE(visibleButton(chart), nullptr);
  EXPECT_EQ(visibleButton(chart)->text(), "Measure");
  chart.measure();
  document.close();
  EXPECT_FALSE(chart.measuring());
  EXPECT_FALSE(chart.profile());
}

TEST(PairBars, DrawsTheLargestValueOverTheWholeWidth) {
  PairBars bars("x");
  bars.resize(300, 100);
  bars.setRows({{"a", "1", {}, 4, 2}, {"b", "2", {}, 0, 1}});
  bars.show();
  const QImage image = bars.widget()->grab().toImage();
  const auto colourAt = [&](double share, int y) {
    return image.pixelColor(static_cast<int>((image.width() - 5) * share), y);
  };
  const QColor before = colourAt(0.2, 19), after = colourAt(0.2, 25), ground = colourAt(0.5, 65);
  EXPECT_NE(before, after);
  EXPECT_EQ(colourAt(0.98, 19), before);
  EXPECT_EQ(colourAt(0.45, 25), after);
  EXPECT_NE(colourAt(0.55, 25), after);
  EXPECT_EQ(colourAt(0.2, 34 + 19), ground) << "a value of nothing has no bar";
  EXPECT_EQ(colourAt(0.2, 34 + 25), after);
}

}  // namespace
}  // namespace lapidary::ui
