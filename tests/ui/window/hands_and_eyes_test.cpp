// SPDX-License-Identifier: GPL-3.0-or-later
// Every panel, tab and dialog can be read whole, in both languages and themes and on small screens; the
// keyboard goes round in all of them, the wheel changes nothing it passes, and a screen reader has names.
#include <gtest/gtest.h>

#include <QScrollArea>
#include <QTabWidget>

#include "tests/ui/demo.h"
#include "tests/ui/walk/every_dialog.h"
#include "tests/ui/walk/eyes.h"
#include "tests/ui/walk/hands.h"
#include "ui/layers/layers_panel.h"
#include "ui/look/language.h"
#include "ui/look/theme.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

struct Look {
  const char* language;
  Appearance theme;
  QSize screen;
};

std::string nameOf(const Look& look) {
  return std::string(look.language) + (look.theme == Appearance::Dark ? "_dark_" : "_light_") +
         std::to_string(look.screen.width()) + "x" + std::to_string(look.screen.height());
}

std::string joined(const QStringList& faults) { return faults.join('\n').toStdString(); }

class EyesTest : public testing::TestWithParam<Look> {
 protected:
  void SetUp() override {
    language::install(GetParam().language);
    Theme::instance().useForThisRun(GetParam().theme);
  }
  void TearDown() override {
    EXPECT_TRUE(quiet());
    language::install("en");
    Theme::instance().useForThisRun(Appearance::Light);
  }
};

/// The window with a demo, in every tab.
template <class Visit>
void visitEveryTab(MainWindow& window, const Visit& visit) {
  window.openModel({"demo:lenet300", {}, {}});
  ASSERT_TRUE(eventually([&] { return window.document().session() && !window.opener().busy(); }));
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  QTabWidget& tabs = *window.workspace()->tabs();
  for (int i = 0; i < tabs.count(); ++i) {
    SCOPED_TRACE(tabs.tabText(i).toStdString());
    tabs.setCurrentIndex(i);
    QTest::qWait(30);
    visit();
  }
}

std::vector<Look> everyLook() {
  std::vector<Look> looks;
  for (const char* code : {"en", "zh_CN"})
    for (const Appearance theme : {Appearance::Light, Appearance::Dark})
      for (const QSize screen : {QSize(1024, 700), QSize(1366, 768), QSize(1440, 900)})
        looks.push_back({code, theme, screen});
  return looks;
}

class HandsTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_TRUE(quiet()); }
  Document m_document;
};

}  // namespace

TEST_P(EyesTest, EveryTabIsReadWhole) {
  MainWindow window;
  window.resize(GetParam().screen);
  visitEveryTab(window, [&] { EXPECT_EQ(joined(unreadableTexts(window)), ""); });
  EXPECT_EQ(window.size(), GetParam().screen);
}

TEST_P(EyesTest, EveryDialogFitsAndIsReadWhole) {
  Document document;
  document.open(demoSession());
  visitEveryDialog(document, [&](const std::string& name, QWidget& dialog) {
    SCOPED_TRACE(name);
    EXPECT_EQ(joined(unreadableTexts(dialog)), "");
    const QSize least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize());
    EXPECT_LE(least.width(), GetParam().screen.width()) << "the screen's width";
    EXPECT_LE(least.height(), GetParam().screen.height()) << "the screen's height";
  });
  EXPECT_TRUE(quiet());
}

INSTANTIATE_TEST_SUITE_P(Looks, EyesTest, testing::ValuesIn(everyLook()),
                         [](const auto& row) { return nameOf(row.param); });

TEST_F(HandsTest, AKeyPutsASidePanelAwayAndBringsItBack) {
  MainWindow window;
  window.resize(1024, 700);
  visitEveryTab(window, [] {});
  Workspace& workspace = *window.workspace();
  const int before = workspace.tabs()->width();
  workspace.layers()->setFocus();
  QTest::keyClick(&window, Qt::Key_F9);
  EXPECT_FALSE(workspace.isPanelShown(Workspace::LayersAndCharts));
  QTest::keyClick(&window, Qt::Key_F9, Qt::ShiftModifier);
  EXPECT_FALSE(workspace.isPanelShown(Workspace::CutOfLayers));
  EXPECT_TRUE(eventually([&] { return workspace.tabs()->width() > before + 500; }));
  EXPECT_EQ(joined(unreadableTexts(window)), "");
  QTest::keyClick(&window, Qt::Key_F9);
  QTest::keyClick(&window, Qt::Key_F9, Qt::ShiftModifier);
  EXPECT_TRUE(workspace.isPanelShown(Workspace::LayersAndCharts));
  EXPECT_TRUE(eventually([&] { return workspace.tabs()->width() == before; })) << workspace.tabs()->width();
}

TEST_F(HandsTest, TabGoesRoundEveryTab) {
  MainWindow window;
  visitEveryTab(window, [&] { EXPECT_EQ(joined(tabFaults(window)), ""); });
}

TEST_F(HandsTest, TheWheelChangesNothingItPassesInEveryTab) {
  MainWindow window;
  visitEveryTab(window, [&] { EXPECT_EQ(joined(wheelFaults(window)), ""); });
}

TEST_F(HandsTest, EverythingInEveryTabHasAName) {
  MainWindow window;
  visitEveryTab(window, [&] { EXPECT_EQ(joined(namelessParts(window)), ""); });
}

TEST_F(HandsTest, DialogsAreWorkedWithByKeyboardWheelAndName) {
  m_document.open(demoSession());
  visitEveryDialog(m_document, [&](const std::string& name, QWidget& dialog) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(QTest::qWaitForWindowActive(&dialog));
    EXPECT_EQ(joined(tabFaults(dialog)), "");
    EXPECT_EQ(joined(wheelFaults(dialog)), "");
    EXPECT_EQ(joined(namelessParts(dialog)), "");
  });
}

}  // namespace lapidary::ui
