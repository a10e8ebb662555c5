// SPDX-License-Identifier: GPL-3.0-or-later
// The settings as the user finds them: keys that are changed, refused or taken; choices that hold at once.
#include "ui/dialogs/settings_dialog.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

#include "tests/ui/demo.h"
#include "ui/actions/key_bindings.h"
#include "ui/actions/keys_page.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/look/language.h"
#include "ui/look/theme.h"
#include "ui/window/main_window.h"
#include "ui/window/window_actions.h"

namespace lapidary::ui {

namespace {

class SettingsDialogTest : public testing::Test {
 protected:
  void SetUp() override {
    m_window.show();
    m_dialog = m_window.dialogs().settings();
    m_dialog->showPage(SettingsDialog::Keys);
    ASSERT_TRUE(QTest::qWaitForWindowActive(m_dialog));
    m_page = m_dialog->keys();
  }
  void TearDown() override { KeyBindings::instance().resetAll(); }

  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier) {
    QSignalSpy finished(m_page->edit(), &QKeySequenceEdit::editingFinished);
    m_page->edit()->setFocus();
    QTest::keyClick(m_page->edit(), key, modifiers);
    ASSERT_TRUE(eventually([&] { return finished.count() > 0; })) << "the field waits for more keys";
  }
  QString keysOf(const char* id) const { return KeyBindings::instance().text(id); }

  MainWindow m_window;
  SettingsDialog* m_dialog = nullptr;
  KeysPage* m_page = nullptr;
};

}  // namespace

TEST_F(SettingsDialogTest, PressedKeysHoldAtOnce) {
  m_page->choose("file.export");
  EXPECT_EQ(m_page->edit()->keySequence(), QKeySequence("Ctrl+E"));
  press(Qt::Key_J);
  EXPECT_EQ(keysOf("file.export"), "Ctrl+J");
  EXPECT_EQ(m_window.actions().at("file.export")->shortcut(), QKeySequence("Ctrl+J"));
  m_page->resetButton()->click();
  EXPECT_EQ(keysOf("file.export"), "Ctrl+E");
  EXPECT_FALSE(m_page->resetButton()->isEnabled());
  m_page->removeButton()->click();
  EXPECT_EQ(keysOf("file.export"), "");
  EXPECT_FALSE(m_page->removeButton()->isEnabled());
}

TEST_F(SettingsDialogTest, CtrlAloneChangesNothing) {
  m_page->choose("file.export");
  press(Qt::Key_Control, Qt::NoModifier);
  EXPECT_EQ(keysOf("file.export"), "Ctrl+E");
  EXPECT_EQ(m_page->edit()->keySequence(), QKeySequence("Ctrl+E"));
}

TEST_F(SettingsDialogTest, AnOwnerIsNamedBeforeItsKeysAreTaken) {
  m_page->choose("file.export");
  press(Qt::Key_B);
  EXPECT_TRUE(m_page->notice().contains("Find the best cut")) << m_page->notice().toStdString();
  EXPECT_EQ(keysOf("edit.search"), "Ctrl+B");
  EXPECT_EQ(keysOf("file.export"), "Ctrl+E") << "lost its keys for nothing";
  ASSERT_TRUE(m_page->takeButton()->isVisible());
  m_page->takeButton()->click();
  EXPECT_EQ(keysOf("file.export"), "Ctrl+B");
  EXPECT_EQ(keysOf("edit.search"), "");
  m_page->choose("edit.search");
  m_page->resetButton()->click();
  EXPECT_TRUE(m_page->notice().contains("Export")) << "its usual keys have another owner now";
  m_page->resetAllButton()->click();
  EXPECT_EQ(keysOf("file.export"), "Ctrl+E");
  EXPECT_EQ(keysOf("edit.search"), "Ctrl+B");
  EXPECT_FALSE(m_page->resetAllButton()->isEnabled());
}

TEST_F(SettingsDialogTest, KeysOfControlsCanNeitherBeChangedNorTaken) {
  m_page->choose("table.copy");
  EXPECT_FALSE(m_page->edit()->isEnabled());
  m_page->choose("help.manual");
  EXPECT_FALSE(m_page->edit()->isEnabled());
  m_page->choose("file.export");
  press(Qt::Key_C);
  EXPECT_TRUE(m_page->notice().contains("Copy the table")) << m_page->notice().toStdString();
  EXPECT_FALSE(m_page->takeButton()->isVisible());
}

TEST_F(SettingsDialogTest, ActionsAreFoundByWordsAndByKeys) {
  m_page->search()->setText("distil");
  EXPECT_EQ(m_page->chosen(), "edit.distil");
  m_page->search()->setText("ctrl+shift+u");
  EXPECT_EQ(m_page->table()->model()->rowCount(), 1);
  EXPECT_EQ(m_page->chosen(), "file.audit");
  m_page->search()->setText("no such action");
  EXPECT_EQ(m_page->chosen(), "");
  EXPECT_FALSE(m_page->edit()->isEnabled());
  m_page->choose("file.quit");
  EXPECT_EQ(m_page->chosen(), "file.quit");
}

TEST_F(SettingsDialogTest, ThePageOfShortcutsShowsTheKeysOfNow) {
  KeyBindings::instance().set("file.export", QKeySequence("Ctrl+J"));
  ShortcutsDialog* shortcuts = m_window.dialogs().shortcuts();
  const auto shows = [&](const QString& text) {
    const auto labels = shortcuts->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel* label) { return label->text() == text; });
  };
  EXPECT_TRUE(shows("Ctrl+J"));
  EXPECT_TRUE(shows("Original while held"));
  m_dialog->showPage(SettingsDialog::General);
  shortcuts->changeButton()->click();
  EXPECT_EQ(m_dialog->page(), SettingsDialog::Keys);
}

TEST_F(SettingsDialogTest, ChoicesHoldAtOnceAndFollowTheMenu) {
  const auto boxes = m_dialog->general()->boxes();
  ASSERT_EQ(boxes.size(), 4);
  QComboBox* theme = boxes[1];
  const auto before = Theme::instance().appearance();
  m_window.actions().at("view.theme.dark")->trigger();
  EXPECT_EQ(theme->currentText(), "Dark");
  theme->setCurrentIndex(1);
  emit theme->activated(1);
  EXPECT_TRUE(m_window.actions().at("view.theme.light")->isChecked());
  Theme::instance().setAppearance(before);
  Theme::instance().useForThisRun(Appearance::Light);
}

TEST_F(SettingsDialogTest, TheDialogComesBackInTheOtherLanguage) {
  m_window.switchLanguage("zh_CN");
  ASSERT_TRUE(eventually([&] {
    const auto* dialog = m_window.findChild<SettingsDialog*>();
    return dialog != nullptr && dialog->windowTitle() == QStringLiteral("设置");
  }));
  EXPECT_EQ(m_window.findChild<SettingsDialog*>()->page(), SettingsDialog::Keys);
  m_window.switchLanguage("en");
  ASSERT_TRUE(eventually([&] { return m_window.findChild<SettingsDialog*>()->windowTitle() == "Settings"; }));
}

}  // namespace lapidary::ui
