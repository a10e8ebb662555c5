// SPDX-License-Identifier: GPL-3.0-or-later
// From a part of the window to its page: the table, the key and the button.
#include "ui/manual/help.h"

#include <gtest/gtest.h>

#include <QBoxLayout>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QTimer>

#include "tests/ui/manual/pages_on_disk.h"
#include "ui/manual/help_topics.h"
#include "ui/manual/manual_view.h"
#include "ui/manual/manual_window.h"

namespace lapidary::ui {

TEST(HelpTopics, AreLookedForUpwardsByNameAndByClass) {
  const PagesOnDisk disk;
  const HelpTopics topics(disk.root());
  QWidget outer;
  auto* field = new QLineEdit(&outer);
  auto* label = new QLabel(&outer);
  EXPECT_EQ(topics.topicOf(field), "cut.md#channels");
  EXPECT_EQ(topics.topicOf(label), "");
  outer.setObjectName("chosen");
  EXPECT_EQ(topics.topicOf(label), "cut.md#layers") << "of the parent, by its name";
  EXPECT_EQ(topics.topicOf(nullptr), "");
}

TEST(HelpTopics, OfTabsTheOneInFrontCounts) {
  const PagesOnDisk disk;
  const HelpTopics topics(disk.root());
  QTabWidget tabs;
  tabs.setObjectName("chosen");
  tabs.addTab(new QLabel, "one");
  tabs.addTab(new QLineEdit, "two");
  EXPECT_EQ(topics.topicOf(&tabs), "cut.md#layers");
  tabs.setCurrentIndex(1);
  EXPECT_EQ(topics.topicOf(&tabs), "cut.md#channels");
}

namespace {

class HelpTest : public testing::Test {
 protected:
  void SetUp() override {
    m_dialog.setObjectName("AuditDialog");  // a row of the manual's own table
    auto* column = new QVBoxLayout(&m_dialog);
    column->addWidget(new QLineEdit);
    m_button = help::addTo(&m_dialog);
    column->addWidget(m_button);
  }
  void TearDown() override { help::window().close(); }

  const QString m_topic = HelpTopics().row("AuditDialog");
  QDialog m_dialog;
  QPushButton* m_button = nullptr;
};

}  // namespace

TEST_F(HelpTest, TheKeyAndTheButtonShowThePage) {
  ASSERT_FALSE(m_topic.isEmpty());
  m_dialog.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&m_dialog));
  QTest::keyClick(&m_dialog, Qt::Key_F1);
  EXPECT_TRUE(help::window().isVisible());
  EXPECT_EQ(help::window().place().text(), m_topic);
  help::window().goHome();
  QTest::mouseClick(m_button, Qt::LeftButton);
  EXPECT_EQ(help::window().place().text(), m_topic);
}

TEST_F(HelpTest, TheManualIsUsableBesideAModalDialog) {
  bool used = false;
  QTimer::singleShot(50, &m_dialog, [&] {
    QTest::mouseClick(m_button, Qt::LeftButton);
    ManualWindow& manual = help::window();
    EXPECT_TRUE(QTest::qWaitForWindowExposed(&manual));
    QTest::keyClick(manual.windowHandle(), Qt::Key_Home, Qt::AltModifier);  // as the window system sends it
    used = manual.place().file == "index.md";
    EXPECT_TRUE(m_dialog.isVisible());
    m_dialog.reject();
  });
  m_dialog.exec();
  EXPECT_TRUE(used);
  EXPECT_TRUE(help::window().isVisible()) << "stays when the dialog goes";
}

TEST_F(HelpTest, TheWindowIsOneAndReturnsAfterClosing) {
  ManualWindow* first = &help::window();
  help::show("cut.md", &m_dialog);
  EXPECT_EQ(&help::window(), first);
  first->close();
  help::show("cut.md", &m_dialog);
  EXPECT_TRUE(first->isVisible());
}

}  // namespace lapidary::ui
