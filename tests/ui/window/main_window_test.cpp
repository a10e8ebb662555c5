// SPDX-License-Identifier: GPL-3.0-or-later
// The real window under hand: open the demo, cut, look, undo, save, export.
#include "ui/window/main_window.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>

#include "tests/ui/demo.h"
#include "ui/cut/cut_panel.h"
#include "ui/cut/prune_section.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/figures/figures_strip.h"
#include "ui/live/live_panel.h"
#include "ui/live/trade_off_chart.h"
#include "ui/look/language.h"
#include "ui/look/remembered_choice.h"
#include "ui/start/start_page.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/top_bar.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

class MainWindowTest : public testing::Test {
 protected:
  void SetUp() override {
    m_window.resize(1440, 900);
    m_window.show();
  }
  void openDemo() {
    auto* button = m_window.startPage()->findChild<QPushButton*>("demo-lenet5");
    ASSERT_NE(button, nullptr);
    QTest::mouseClick(button, Qt::LeftButton);
    ASSERT_TRUE(settled());
  }
  bool settled() {
    return eventually([&] {
      const auto& d = m_window.document();
      return d.session() && d.outcome().final && d.outcome().recipe == d.shownRecipe() &&
             m_window.workspace()->cut()->prune()->sparsity()->isEnabled();
    });
  }
  void dragSparsity(double to) {
    auto* track = m_window.workspace()->cut()->prune()->sparsity()->track();
    QTest::mousePress(track, Qt::LeftButton, {}, track->handle());
    QTest::mouseMove(track, track->pointOf(to / 2));
    QTest::mouseMove(track, track->pointOf(to));
    QTest::mouseRelease(track, Qt::LeftButton, {}, track->pointOf(to));
  }
  FigureTile* tile(FiguresStrip::Figure figure) { return m_window.workspace()->figures()->tile(figure); }

  MainWindow m_window;
};

}  // namespace

TEST_F(MainWindowTest, AWalkFromDemoToExport) {
  openDemo();
  EXPECT_TRUE(tile(FiguresStrip::Quality)->text().figure.endsWith("%"));
  EXPECT_EQ(tile(FiguresStrip::Zeros)->text().figure.left(3), "0.0");
  QSignalSpy shown(&m_window.evaluation(), &LiveEvaluation::firstQualityShown);
  dragSparsity(0.9);
  ASSERT_TRUE(settled());
  EXPECT_GE(shown.count(), 1) << "the figure was painted";
  EXPECT_FALSE(tile(FiguresStrip::Quality)->old());
  EXPECT_TRUE(tile(FiguresStrip::Size)->text().aside.startsWith("from"));
  EXPECT_EQ(m_window.document().undoStack()->count(), 1);

  const QTemporaryDir folder;
  auto* dialog = m_window.exportDialog();
  QTest::mouseClick(dialog->kinds()->button(ExportDialog::Onnx), Qt::LeftButton);
  const QString path = folder.filePath("cut.onnx");
  dialog->path()->setText(path);
  QTest::mouseClick(dialog->writeButton(), Qt::LeftButton);
  ASSERT_TRUE(eventually([&] { return dialog->saved().has_value(); }));
  EXPECT_EQ(static_cast<std::uint64_t>(QFileInfo(path).size()),
            m_window.document().outcome().footprint.fileAfter)
      << "what was shown is what was written";
  EXPECT_DOUBLE_EQ(*dialog->saved()->quality->top1, *m_window.document().outcome().quality->top1);
  dialog->close();

  QTest::mouseClick(m_window.topBar()->undoButton(), Qt::LeftButton);
  EXPECT_TRUE(m_window.document().recipe().empty());
  ASSERT_TRUE(settled());
}

TEST_F(MainWindowTest, AClickOnAPointReturnsToItsRecipe) {
  openDemo();
  dragSparsity(0.95);
  ASSERT_TRUE(settled());
  auto* chart = m_window.workspace()->live()->tradeOff();
  const auto& visits = m_window.visited().visits();
  const auto original =
      std::find_if(visits.begin(), visits.end(), [](const Visit& v) { return v.recipe.empty(); });
  ASSERT_NE(original, visits.end());
  const auto point = static_cast<std::size_t>(original - visits.begin());
  EXPECT_TRUE(eventually([&] {  // axes that still adapt move the point
    QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, chart->pixelOf(point).toPoint());
    return m_window.document().recipe().empty();
  }));
}

TEST_F(MainWindowTest, HoldingOShowsTheOriginal) {
  openDemo();
  dragSparsity(0.9);
  ASSERT_TRUE(settled());
  QTest::keyPress(&m_window, Qt::Key_O);
  EXPECT_TRUE(m_window.document().holdingOriginal());
  ASSERT_TRUE(settled());
  EXPECT_EQ(tile(FiguresStrip::Zeros)->text().figure.left(3), "0.0");
  QTest::keyRelease(&m_window, Qt::Key_O);
  EXPECT_FALSE(m_window.document().holdingOriginal());
}

TEST_F(MainWindowTest, ASessionComesBack) {
  openDemo();
  dragSparsity(0.8);
  ASSERT_TRUE(settled());
  const QTemporaryDir folder;
  const QString path = folder.filePath("walk.lapidary-session");
  ASSERT_TRUE(m_window.saveSessionTo(path));
  const auto recipe = m_window.document().recipe();
  const auto visits = m_window.visited().visits().size();
  m_window.closeModel();
  EXPECT_EQ(m_window.document().session(), nullptr);
  m_window.openPath(path);
  ASSERT_TRUE(settled());
  EXPECT_EQ(m_window.document().recipe(), recipe);
  EXPECT_FALSE(m_window.document().undoStack()->canUndo());
  EXPECT_GE(m_window.visited().visits().size(), visits);
}

TEST_F(MainWindowTest, ASessionIsMeasuredOnOtherDataWhereTheseAreNamed) {
  openDemo();
  dragSparsity(0.8);
  ASSERT_TRUE(settled());
  const QTemporaryDir folder;
  const QString path = folder.filePath("walk.lapidary-session");
  ASSERT_TRUE(m_window.saveSessionTo(path));
  const auto recipe = m_window.document().recipe();
  const auto samples = m_window.document().session()->data()->size();
  m_window.closeModel();
  m_window.openPath(path, LAPIDARY_SOURCE_DIR "/resources/demo/digits_train.npz");
  ASSERT_TRUE(settled());
  EXPECT_EQ(m_window.document().recipe(), recipe);
  EXPECT_EQ(m_window.document().session()->data()->size(), 8000u);
  EXPECT_LT(samples, 8000u);
  EXPECT_LE(m_window.visited().visits().size(), 2u) << "what was measured on other data is left out";
  EXPECT_TRUE(m_window.banner()->text().contains("other data than it was saved with"));
}

TEST_F(MainWindowTest, ASessionWhoseDataAreGoneOpensWithoutThemAndSaysSo) {
  const QTemporaryDir folder;
  const QString demo = QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/demo/");
  const QString data = folder.filePath("digits.npz"), path = folder.filePath("a.lapidary-session");
  ASSERT_TRUE(QFile::copy(demo + "digits_test.npz", data));
  m_window.openModel({demo + "lenet300.onnx", data, {}});
  ASSERT_TRUE(settled());
  dragSparsity(0.5);
  ASSERT_TRUE(settled());
  const core::Recipe recipe = m_window.document().recipe();
  ASSERT_TRUE(m_window.saveSessionTo(path));
  EXPECT_TRUE(m_window.windowTitle().contains("a.lapidary-session"));
  EXPECT_FALSE(m_window.isWindowModified());
  m_window.closeModel();
  ASSERT_TRUE(QFile::remove(data));
  m_window.openPath(path);
  ASSERT_TRUE(
      eventually([&] { return m_window.document().recipe() == recipe && !m_window.opener().busy(); }));
  EXPECT_EQ(m_window.document().session()->data(), nullptr);
  EXPECT_TRUE(m_window.banner()->text().contains(data)) << m_window.banner()->text().toStdString();
}

TEST_F(MainWindowTest, TheTitleNamesWhatIsOpenAndWhetherItIsSaved) {
  EXPECT_EQ(m_window.windowTitle(), "Lapidary");
  openDemo();
  EXPECT_TRUE(m_window.windowTitle().startsWith("lenet5.onnx"));
  EXPECT_FALSE(m_window.isWindowModified());
  dragSparsity(0.5);
  EXPECT_TRUE(m_window.isWindowModified());
}

TEST_F(MainWindowTest, AnotherMemoryBudgetHoldsForTheOpenModelAndTheRecipeStays) {
  openDemo();
  dragSparsity(0.5);
  ASSERT_TRUE(settled());
  const core::Recipe recipe = m_window.document().recipe();
  const std::size_t before = m_window.document().session()->cacheStatistics().budget;
  QAction* smallest = nullptr;
  for (QAction* action : m_window.topBar()->menus()->findChildren<QAction*>())
    if (action->text() == "256 MB") smallest = action;
  ASSERT_NE(smallest, nullptr);
  const int restored = memoryBudget().current();
  QSignalSpy opened(&m_window.opener(), &ModelOpener::opened);
  smallest->trigger();
  ASSERT_TRUE(eventually([&] { return opened.count() == 1; }));
  ASSERT_TRUE(settled());
  EXPECT_EQ(memoryBudget().current(), 256);
  EXPECT_LT(m_window.document().session()->cacheStatistics().budget, before);
  EXPECT_EQ(m_window.document().recipe(), recipe);
  memoryBudget().set(restored);
}

TEST_F(MainWindowTest, RecipesGoThroughTheClipboard) {
  openDemo();
  dragSparsity(0.5);
  const auto recipe = m_window.document().recipe();
  m_window.copyRecipe();
  m_window.workspace()->cut()->resetAll();
  m_window.pasteRecipe();
  EXPECT_EQ(m_window.document().recipe(), recipe);
  QApplication::clipboard()->setText("not a recipe");
  m_window.pasteRecipe();
  EXPECT_TRUE(m_window.banner()->isVisible());
  EXPECT_EQ(m_window.document().recipe(), recipe);
}

TEST_F(MainWindowTest, AFileThatIsNoModelIsToldCalmly) {
  m_window.openPath("/nowhere/net.onnx");
  ASSERT_TRUE(eventually([&] { return m_window.banner()->isVisible(); }));
  EXPECT_TRUE(m_window.banner()->text().contains("net.onnx"));
  EXPECT_TRUE(m_window.startPage()->isVisible());
}

TEST_F(MainWindowTest, TheLanguageChangesWhileAModelIsOpen) {
  openDemo();
  dragSparsity(0.5);
  ASSERT_TRUE(settled());
  m_window.switchLanguage("zh_CN");
  ASSERT_TRUE(eventually([&] { return m_window.workspace()->tabs()->tabText(0) != "Weights"; }, 5000));
  EXPECT_TRUE(eventually([&] { return tile(FiguresStrip::Size)->text().figure.endsWith("B"); }));
  EXPECT_FALSE(m_window.document().recipe().empty());
  m_window.switchLanguage("en");
  EXPECT_TRUE(eventually([&] { return m_window.workspace()->tabs()->tabText(0) == "Weights"; }, 5000));
}

TEST_F(MainWindowTest, FitsASmallScreen) {
  openDemo();
  m_window.resize(1024, 700);
  QCoreApplication::processEvents();
  EXPECT_EQ(m_window.size(), QSize(1024, 700));
  EXPECT_LE(m_window.minimumSizeHint().width(), 1024);
  EXPECT_LE(m_window.minimumSizeHint().height(), 700);
  EXPECT_TRUE(m_window.rect().contains(m_window.topBar()->exportButton()->mapTo(&m_window, QPoint(0, 0))));
}

}  // namespace lapidary::ui
