// SPDX-License-Identifier: GPL-3.0-or-later
// The window of the manual under hand: links, history, keys, search, zoom and language.
#include "ui/manual/manual_window.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollBar>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeWidget>

#include "tests/ui/manual/pages_on_disk.h"
#include "ui/look/language.h"
#include "ui/look/theme.h"
#include "ui/manual/manual_sidebar.h"
#include "ui/manual/manual_view.h"

namespace lapidary::ui {

namespace {

class ManualWindowTest : public testing::Test {
 protected:
  void SetUp() override {
    m_window = std::make_unique<ManualWindow>(m_disk.root());
    m_window->resize(900, 500);
    m_window->open("cut.md");
    ASSERT_TRUE(QTest::qWaitForWindowActive(m_window.get()));
  }
  void TearDown() override { language::install("en"); }
  void press(int key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(m_window.get(), static_cast<Qt::Key>(key), modifiers);
  }
  void follow(const char* link) { emit m_window->view()->anchorClicked(QUrl(link)); }
  QString here() const { return m_window->place().text(); }
  QString text() const { return m_window->view()->toPlainText(); }

  PagesOnDisk m_disk;
  std::unique_ptr<ManualWindow> m_window;
};

}  // namespace

TEST_F(ManualWindowTest, LinksLeadToPagesAndTheirHeadings) {
  follow("zoo.md#far-away");
  EXPECT_EQ(here(), "zoo.md#far-away");
  EXPECT_TRUE(text().contains("Animals"));
  follow("#far-away");
  EXPECT_EQ(here(), "zoo.md#far-away");
  follow("nowhere.md");
  EXPECT_EQ(here(), "zoo.md#far-away") << "a page that there is not is not gone to";
}

TEST_F(ManualWindowTest, BackAndForwardKeepThePlaceOnThePage) {
  m_disk.write("en/tall.md", "# Tall\n\n" + QByteArray("line\n\n").repeated(200) + "## Below\n\n" +
                                 QByteArray("line\n\n").repeated(200));
  ManualWindow window(m_disk.root());
  window.resize(900, 500);
  window.open("tall.md#below");
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  const int below = window.view()->verticalScrollBar()->value();
  EXPECT_GT(below, 500);
  window.view()->verticalScrollBar()->setValue(below + 77);
  window.go(ManualPlace::parse("cut.md"));
  QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
  EXPECT_EQ(window.place().text(), "tall.md#below");
  EXPECT_EQ(window.view()->verticalScrollBar()->value(), below + 77);
  QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
  EXPECT_EQ(window.place().text(), "cut.md");
}

TEST_F(ManualWindowTest, HistoryDropsWhatWasAhead) {
  follow("zoo.md");
  press(Qt::Key_Left, Qt::AltModifier);
  EXPECT_EQ(here(), "cut.md");
  press(Qt::Key_Home, Qt::AltModifier);
  EXPECT_EQ(here(), "index.md");
  press(Qt::Key_Right, Qt::AltModifier);
  EXPECT_EQ(here(), "index.md");
  press(Qt::Key_Left, Qt::AltModifier);
  press(Qt::Key_Left, Qt::AltModifier);
  EXPECT_EQ(here(), "cut.md") << "the first place; there is nothing before it";
}

TEST_F(ManualWindowTest, SearchesAndMarksWhatWasFound) {
  press(Qt::Key_F, Qt::ControlModifier);
  auto* field = m_window->sidebar()->searchField();
  EXPECT_TRUE(field->hasFocus());
  QTest::keyClicks(field, "animals");
  ASSERT_EQ(m_window->sidebar()->results()->count(), 1);
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_EQ(here(), "zoo.md#zoo");
  ASSERT_EQ(m_window->view()->extraSelections().size(), 1);
  EXPECT_EQ(m_window->view()->extraSelections().front().cursor.selectedText(), "Animals");
}

TEST_F(ManualWindowTest, EscapeLeavesTheSearchAndThenTheWindow) {
  m_window->sidebar()->searchField()->setText("animals");
  press(Qt::Key_Escape);
  EXPECT_TRUE(m_window->isVisible());
  EXPECT_TRUE(m_window->sidebar()->searchField()->text().isEmpty());
  press(Qt::Key_Escape);
  EXPECT_FALSE(m_window->isVisible());
}

TEST_F(ManualWindowTest, ContentsFollowThePageAndLeadToIt) {
  auto* contents = m_window->sidebar()->contents();
  EXPECT_EQ(contents->currentItem()->text(0), "Cut");
  ASSERT_EQ(contents->topLevelItemCount(), 3);
  auto* layers = contents->topLevelItem(1)->child(0);
  EXPECT_EQ(layers->text(0), "Layers");
  emit contents->itemClicked(layers, 0);
  EXPECT_EQ(here(), "cut.md#layers");
  EXPECT_EQ(contents->currentItem(), layers);
}

TEST_F(ManualWindowTest, ZoomsByKeysWithinBounds) {
  const auto size = [&] { return m_window->view()->document()->defaultFont().pixelSize(); };
  const int usual = size();
  press(Qt::Key_Plus, Qt::ControlModifier);
  press(Qt::Key_Plus, Qt::ControlModifier);
  EXPECT_GT(size(), usual);
  press(Qt::Key_0, Qt::ControlModifier);
  EXPECT_EQ(size(), usual);
  for (int i = 0; i < 50; ++i) press(Qt::Key_Minus, Qt::ControlModifier);
  EXPECT_EQ(m_window->view()->zoom(), ManualView::smallest);
  press(Qt::Key_0, Qt::ControlModifier);
}

TEST_F(ManualWindowTest, LinksThatLeaveTheManualAreText) {
  follow("zoo.md");
  EXPECT_TRUE(text().contains("outside (https://example.org/x)"));
  int inside = 0;
  const QTextDocument& document = *m_window->view()->document();
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
    for (auto it = block.begin(); !it.atEnd(); ++it) {
      const QString link = it.fragment().charFormat().anchorHref();
      EXPECT_FALSE(link.contains("example")) << "can be clicked on";
      inside += link == "cut.md" ? 1 : 0;
    }
  EXPECT_EQ(inside, 1);
  follow("https://example.org/x");
  EXPECT_EQ(here(), "zoo.md");
}

TEST_F(ManualWindowTest, PicturesAreMadeToFit) {
  const QTextDocument& document = *m_window->view()->document();
  for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
    for (auto it = block.begin(); !it.atEnd(); ++it)
      if (const auto format = it.fragment().charFormat(); format.isImageFormat()) {
        EXPECT_GT(format.toImageFormat().width(), 100);
        EXPECT_LT(format.toImageFormat().width(), m_window->view()->viewport()->width());
        return;
      }
  FAIL() << "no picture";
}

TEST_F(ManualWindowTest, FollowsTheLanguageAtOnce) {
  m_window->go(ManualPlace::parse("cut.md#channels"));
  language::install("zh_CN");
  QApplication::processEvents();
  EXPECT_TRUE(text().contains(QString::fromUtf8("让层变小")));
  EXPECT_EQ(m_window->sidebar()->contents()->topLevelItem(1)->text(0), QString::fromUtf8("剪裁"));
  language::install("en");
  QApplication::processEvents();
  EXPECT_TRUE(text().contains("Makes layers smaller"));
}

TEST_F(ManualWindowTest, FollowsTheTheme) {
  const auto linkColor = [&] {
    const QTextDocument& document = *m_window->view()->document();
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
      for (auto it = block.begin(); !it.atEnd(); ++it)
        if (it.fragment().charFormat().isAnchor()) return it.fragment().charFormat().foreground().color();
    return QColor();
  };
  follow("zoo.md");
  const QColor light = linkColor();
  Theme::instance().useForThisRun(Appearance::Dark);
  EXPECT_EQ(linkColor(), Theme::instance().color(Role::Cut));
  EXPECT_NE(linkColor(), light);
  Theme::instance().useForThisRun(Appearance::Light);
}

TEST_F(ManualWindowTest, RemembersItsSizeAndZoom) {
  m_window->resize(777, 555);
  m_window->view()->setZoom(130);
  m_window->close();
  m_window = std::make_unique<ManualWindow>(m_disk.root());
  EXPECT_EQ(m_window->size(), QSize(777, 555));
  EXPECT_EQ(m_window->view()->zoom(), 130);
  m_window->view()->setZoom(ManualView::usual);
  m_window->open({});
  EXPECT_EQ(here(), "index.md");
}

TEST_F(ManualWindowTest, DoesNotKeepTheProgramRunning) {
  EXPECT_FALSE(m_window->testAttribute(Qt::WA_QuitOnClose));
  EXPECT_FALSE(m_window->isModal());
}

}  // namespace lapidary::ui
