// SPDX-License-Identifier: GPL-3.0-or-later
// The robustness view: curves that fill in, a detector, words where there is nothing to attack.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include "tests/ui/demo.h"
#include "ui/robustness/robustness_view.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {
namespace {

struct Robustness : testing::Test {
  Robustness() : view(document) {
    view.resize(760, 480);
    view.show();
    view.samples()->setValue(20);
  }
  Document document;
  RobustnessView view;
};

TEST_F(Robustness, CurvesFillInAndSayWhatTheyAreOf) {
  EXPECT_FALSE(view.button()->isEnabled()) << "nothing is open";
  document.open(demoSession());
  QTest::mouseClick(view.button(), Qt::LeftButton);
  EXPECT_TRUE(view.measuring());
  EXPECT_EQ(view.button()->text(), "Cancel");
  ASSERT_TRUE(eventually([&] { return !view.measuring(); }, 60000));
  ASSERT_EQ(view.report().rows.size(), 18u);
  EXPECT_FALSE(view.report().rows.front().cut) << "nothing is cut";
  EXPECT_TRUE(view.note()->text().contains("0 to 255")) << view.note()->text().toStdString();
  view.method()->setCurrentIndex(1);
  EXPECT_TRUE(view.note()->isVisible());
}

TEST_F(Robustness, CancellingKeepsWhatWasMeasured) {
  document.open(demoSession());
  view.samples()->setValue(400);
  view.measure();
  ASSERT_TRUE(eventually([&] { return !view.report().rows.empty(); }, 60000));
  view.cancel();
  EXPECT_FALSE(view.measuring());
  EXPECT_FALSE(view.report().rows.empty());
  document.open(demoSession());
  EXPECT_TRUE(view.report().rows.empty()) << "of another session";
}

}  // namespace
}  // namespace lapidary::ui
