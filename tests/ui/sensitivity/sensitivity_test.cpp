// SPDX-License-Identifier: GPL-3.0-or-later
// The sensitivity matrix: filled in live, kept when cancelled, applied and taken back by a click.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>

#include "tests/ui/demo.h"
#include "ui/sensitivity/sensitivity_model.h"
#include "ui/sensitivity/sensitivity_view.h"

namespace lapidary::ui {
namespace {

struct Sensitivity : testing::Test {
  Sensitivity() : view(document) {
    view.resize(760, 420);
    view.show();
  }
  bool measured() {
    view.measure();
    return eventually([&] { return !view.measuring(); }, 60000);
  }
  void click(int row, int column) {
    const auto at = view.model()->index(row, column);
    QTest::mouseClick(view.table()->viewport(), Qt::LeftButton, {}, view.table()->visualRect(at).center());
  }
  const core::Model& model() const { return document.session()->model(); }

  Document document;
  SensitivityView view;
};

TEST_F(Sensitivity, FillsInAndShowsWhatTheSessionMeasures) {
  EXPECT_FALSE(view.button()->isEnabled()) << "nothing is open";
  QAbstractItemModelTester tester(view.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  document.open(demoSession());
  EXPECT_EQ(view.model()->rowCount(), 0);
  QTest::mouseClick(view.button(), Qt::LeftButton);
  EXPECT_TRUE(view.measuring());
  EXPECT_EQ(view.button()->text(), "Cancel");
  ASSERT_TRUE(eventually([&] { return view.model()->rowCount() == 3 && view.measuring(); }));
  ASSERT_TRUE(eventually([&] { return !view.measuring(); }, 60000));
  EXPECT_EQ(view.model()->columnCount(), 7);
  const auto expected = document.session()->sensitivity({}, {});
  for (const auto& cell : expected.cells) {
    const auto at = view.model()->index(static_cast<int>(cell.row), static_cast<int>(cell.column));
    EXPECT_NEAR(at.data(SensitivityModel::LossRole).toDouble(), cell.drop->value * 100, 1e-9);
    EXPECT_TRUE(at.data(SensitivityModel::SharpRole).toBool());
    EXPECT_FALSE(at.data(Qt::DisplayRole).toString().isEmpty()) << "colour alone says nothing";
    EXPECT_TRUE(at.data(Qt::ToolTipRole).toString().contains("95 %"));
    EXPECT_TRUE(at.data(Qt::ToolTipRole).toString().contains("saves"));
  }
}

TEST_F(Sensitivity, AClickAppliesAndASecondOneTakesBackAsUndoableSteps) {
  document.open(demoSession());
  ASSERT_TRUE(measured());
  const std::string layer = model().layers[1].name;
  click(1, 1);
  EXPECT_EQ(document.recipe().editOf(layer).prune.value, 0.7);
  EXPECT_TRUE(view.model()->index(1, 1).data(SensitivityModel::AppliedRole).toBool());
  click(1, 4);
  EXPECT_EQ(document.recipe().editOf(layer).quantize.bits, 4);
  EXPECT_EQ(document.recipe().editOf(layer).prune.value, 0.7) << "the other part stays";
  click(1, 1);
  EXPECT_EQ(document.recipe().editOf(layer).prune.mode, core::PruneMode::None);
  EXPECT_EQ(document.recipe().editOf(layer).quantize.bits, 4);
  EXPECT_EQ(document.undoStack()->count(), 3);
  document.undoStack()->undo();
  document.undoStack()->undo();
  document.undoStack()->undo();
  EXPECT_TRUE(document.recipe().empty());
}

TEST_F(Sensitivity, RowsFollowTheSelectedLayersAndLeadThem) {
  document.open(demoSession());
  ASSERT_TRUE(measured());
  document.select({core::LayerId{2}});
  EXPECT_EQ(view.table()->currentIndex().row(), 2);
  EXPECT_TRUE(document.recipe().empty()) << "following is no click";
  view.table()->setCurrentIndex(view.model()->index(1, 0));
  EXPECT_EQ(document.currentLayer(), core::LayerId{1});
  view.table()->setFocus();
  QTest::keyClick(view.table(), Qt::Key_Return);
  EXPECT_EQ(document.recipe().editOf(model().layers[1].name).prune.value, 0.5);
}

TEST_F(Sensitivity, CancelKeepsWhatWasMeasured) {
  document.open(demoSession("demo:lenet5"));
  view.measure();
  ASSERT_TRUE(eventually([&] {
    const auto& cells = view.model()->matrix().cells;
    return std::ranges::any_of(cells, [](const auto& cell) { return cell.drop.has_value(); });
  }));
  view.cancel();
  EXPECT_FALSE(view.measuring());
  EXPECT_EQ(view.model()->rowCount(), 4);
  EXPECT_EQ(view.button()->text(), "Measure");
}

TEST_F(Sensitivity, CopiesItsDataAndClearsWithAnotherModel) {
  document.open(demoSession());
  view.reverse()->setChecked(true);
  ASSERT_TRUE(measured());
  EXPECT_TRUE(view.model()->matrix().reverse);
  ASSERT_FALSE(view.table()->actions().isEmpty());
  view.table()->actions().first()->trigger();
  EXPECT_EQ(QGuiApplication::clipboard()->text().count('\n'), 1 + 3 * 7);
  document.open(demoSession("demo:lenet5"));
  EXPECT_EQ(view.model()->rowCount(), 0);
}

}  // namespace
}  // namespace lapidary::ui
