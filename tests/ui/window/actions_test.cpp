// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of actions: complete, without two owners of a key, and what menus, buttons and keys are made
// of.
#include <gtest/gtest.h>

#include <QDirIterator>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QSet>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>

#include "tests/ui/demo.h"
#include "ui/actions/key_bindings.h"
#include "ui/layers/layers_panel.h"
#include "ui/look/language.h"
#include "ui/window/main_window.h"
#include "ui/window/top_bar.h"
#include "ui/window/window_actions.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

class ActionsTest : public testing::Test {
 protected:
  void SetUp() override {
    m_window.resize(1440, 900);
    m_window.show();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&m_window));
  }
  void TearDown() override {
    KeyBindings::instance().resetAll();
    language::install("en");
  }
  void openDemo() {
    m_window.openModel({"demo:lenet300", {}, {}});
    ASSERT_TRUE(eventually([&] { return document().session() != nullptr && !m_window.opener().busy(); }));
  }
  void cut() {
    document().setRecipe(recipeOf(*document().session(), {{core::PruneMode::Sparsity, 0.5}, {}}), "cut");
  }

  Document& document() { return m_window.document(); }
  QAction* action(const char* id) { return m_window.actions().at(id); }

  MainWindow m_window;
};

/// What stands in a menu and its submenus, but lines and recent files.
QList<QAction*> entries(const QMenu* menu) {
  QList<QAction*> found;
  if (menu->objectName() == "recent") return found;
  for (QAction* action : menu->actions())
    if (action->menu() != nullptr)
      found += entries(action->menu());
    else if (!action->isSeparator())
      found << action;
  return found;
}

QList<QAction*> entries(const MainWindow& window) {
  QList<QAction*> found;
  for (const QAction* action : window.topBar()->menus()->actions()) found += entries(action->menu());
  return found;
}

std::string nameOf(const ActionInfo& action) { return action.id.toStdString(); }

}  // namespace

TEST_F(ActionsTest, EveryRowHasItsWordsAndAnIdOfItsOwn) {
  QSet<QString> ids;
  ASSERT_GT(m_window.actions().rows().size(), 40u);
  for (const ActionRow& row : m_window.actions().rows()) {
    EXPECT_FALSE(row.info.text.isEmpty() || row.info.tip.isEmpty() || row.info.group.isEmpty())
        << nameOf(row.info);
    EXPECT_LE(row.info.keys.size(), 1) << nameOf(row.info);
    EXPECT_TRUE(row.run) << nameOf(row.info);
  }
  for (const ActionInfo& action : KeyBindings::instance().actions()) {
    EXPECT_FALSE(ids.contains(action.id)) << nameOf(action);
    ids << action.id;
  }
}

TEST_F(ActionsTest, NoTwoRowsShareKeysWhereBothAreHeard) {
  const auto& actions = KeyBindings::instance().actions();
  for (const ActionInfo& a : actions)
    for (const ActionInfo& b : actions) {
      if (&a == &b || !overlap(a.context, b.context)) continue;
      for (const auto& keys : a.keys)
        for (const auto& others : b.keys) EXPECT_FALSE(clash(keys, others)) << nameOf(a) << ", " << nameOf(b);
    }
  for (const ActionInfo& action : actions)
    EXPECT_EQ(KeyBindings::instance().keys(action.id), action.keys) << nameOf(action);
}

TEST_F(ActionsTest, MenusHoldTheTableAndNothingElse) {
  QStringList shown;
  for (const QAction* entry : entries(m_window)) {
    EXPECT_EQ(m_window.actions().at(entry->objectName()), entry) << entry->text().toStdString();
    shown << entry->objectName();
  }
  for (const ActionRow& row : m_window.actions().rows())
    EXPECT_EQ(shown.count(row.info.id), row.info.id == "view.originalHeld" ? 0 : 1) << nameOf(row.info);
}

TEST_F(ActionsTest, ButtonsHaveTheWordsAndTheStateOfTheirActions) {
  openDemo();
  QPushButton* undo = m_window.topBar()->undoButton();
  EXPECT_EQ(undo->text(), action("edit.undo")->iconText());
  EXPECT_FALSE(undo->isEnabled());
  EXPECT_EQ(undo->toolTip(), "Nothing to take back (Ctrl+Z)");
  cut();
  EXPECT_TRUE(undo->isEnabled());
  EXPECT_EQ(undo->toolTip(), "Take back: cut (Ctrl+Z)");
  undo->click();
  EXPECT_TRUE(document().recipe().empty());
  EXPECT_TRUE(m_window.topBar()->redoButton()->isEnabled());
}

TEST_F(ActionsTest, WhatNeedsAModelWaitsForOne) {
  EXPECT_FALSE(action("file.export")->isEnabled());
  EXPECT_TRUE(action("file.openModel")->isEnabled());
  openDemo();
  EXPECT_TRUE(action("file.export")->isEnabled());
  m_window.closeModel();
  EXPECT_FALSE(action("file.export")->isEnabled());
}

TEST_F(ActionsTest, AnotherKeyTakesEffectAtOnceAndIsRemembered) {
  openDemo();
  cut();
  KeyBindings::instance().set("edit.undo", QKeySequence("Ctrl+Alt+U"));
  EXPECT_EQ(m_window.topBar()->undoButton()->toolTip(), "Take back: cut (Ctrl+Alt+U)");
  QTest::keyClick(&m_window, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_FALSE(document().recipe().empty()) << "the old keys still do it";
  QTest::keyClick(&m_window, Qt::Key_U, Qt::ControlModifier | Qt::AltModifier);
  EXPECT_TRUE(document().recipe().empty()) << "the new keys do nothing";
  const MainWindow another;
  EXPECT_EQ(another.actions().at("edit.undo")->shortcut(), QKeySequence("Ctrl+Alt+U"));
}

TEST_F(ActionsTest, FieldsKeepTheKeysThatTheyEditWith) {
  openDemo();
  cut();
  QLineEdit field(&m_window);
  QSpinBox number(&m_window);
  for (QWidget* widget : {static_cast<QWidget*>(&field), static_cast<QWidget*>(&number)}) {
    widget->show();
    widget->setFocus();
    QTest::keyPress(widget, Qt::Key_O);
    EXPECT_FALSE(document().holdingOriginal()) << widget->metaObject()->className();
    QTest::keyRelease(widget, Qt::Key_O);
    QTest::keyClick(widget, Qt::Key_Z, Qt::ControlModifier);
    EXPECT_FALSE(document().recipe().empty()) << widget->metaObject()->className();
  }
  field.setFocus();
  QTest::keyClicks(&field, "foo");
  EXPECT_EQ(field.text(), "foo");
}

TEST_F(ActionsTest, TheOriginalIsShownUntilTheKeyIsLetGoWhereverTheFocusIs) {
  openDemo();
  cut();
  auto* table = m_window.workspace()->layers()->findChild<QTableView*>();
  QWidget* tab = m_window.workspace()->tabs()->currentWidget();
  for (QWidget* focus :
       {static_cast<QWidget*>(table), static_cast<QWidget*>(m_window.topBar()->undoButton()), tab}) {
    focus->setFocus();
    QTest::keyPress(focus, Qt::Key_O);
    EXPECT_TRUE(document().holdingOriginal()) << focus->metaObject()->className();
    QKeyEvent again(QEvent::KeyRelease, Qt::Key_O, Qt::NoModifier, "o", true);
    QCoreApplication::sendEvent(focus, &again);
    EXPECT_TRUE(document().holdingOriginal()) << "a key that repeats is still down";
    QTest::keyRelease(focus, Qt::Key_O);
    EXPECT_FALSE(document().holdingOriginal()) << focus->metaObject()->className();
  }
}

TEST_F(ActionsTest, AnotherKeyCanBeHeldAndTheButtonNamesIt) {
  openDemo();
  EXPECT_EQ(m_window.topBar()->holdButton()->text(), "Hold O for original");
  KeyBindings::instance().set("view.originalHeld", QKeySequence("Ctrl+J"));
  EXPECT_EQ(m_window.topBar()->holdButton()->text(), "Hold Ctrl+J for original");
  QTest::keyPress(&m_window, Qt::Key_J, Qt::ControlModifier);
  EXPECT_TRUE(document().holdingOriginal());
  QTest::keyRelease(&m_window, Qt::Key_J);
  EXPECT_FALSE(document().holdingOriginal());
}

TEST_F(ActionsTest, TheManualListsTheKeys) {
  for (const QString language : {"en", "zh_CN"}) {
    language::install(language);
    QFile file(QStringLiteral(LAPIDARY_SOURCE_DIR "/resources/manual/%1/keyboard.md").arg(language));
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QString page = QString::fromUtf8(file.readAll());
    const Workspace workspace(document(), m_window.evaluation(), m_window.visited());
    for (const ActionRow& row : actionTable(*workspace.tabs())) {
      if (row.info.keys.isEmpty() || row.info.id.startsWith("view.")) continue;
      const QString line = QStringLiteral("| %1 | %2 |").arg(row.info.keys[0].toString(), row.info.text);
      EXPECT_TRUE(page.contains(line)) << language.toStdString() << ": " << line.toStdString();
    }
  }
}

TEST(Keys, NobodyListensToEveryEventOfTheApplication) {
  const QRegularExpression filter(
      "(qApp|qGuiApp|instance\\(\\)|[aA]pplication)\\s*(->|\\.)\\s*install(Native)?EventFilter");
  int seen = 0;
  for (const char* folder : {LAPIDARY_SOURCE_DIR "/ui", LAPIDARY_SOURCE_DIR "/app"}) {
    QDirIterator files(folder, {"*.cpp", "*.h"}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
      QFile file(files.next());
      ASSERT_TRUE(file.open(QIODevice::ReadOnly));
      EXPECT_FALSE(filter.match(QString::fromUtf8(file.readAll())).hasMatch())
          << file.fileName().toStdString();
      ++seen;
    }
  }
  EXPECT_GT(seen, 200) << "the test looks in the wrong place";
}

}  // namespace lapidary::ui
