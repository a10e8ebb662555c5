// SPDX-License-Identifier: GPL-3.0-or-later
// The help key in every dialog and in the main window shows the page that the table has for it.
#include <gtest/gtest.h>

#include <QApplication>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>

#include "tests/ui/demo.h"
#include "ui/audit/audit_dialog.h"
#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/open_data_dialog.h"
#include "ui/distill/distill_dialog.h"
#include "ui/document/visited_recipes.h"
#include "ui/layers/layers_panel.h"
#include "ui/manual/help.h"
#include "ui/manual/help_topics.h"
#include "ui/manual/manual_window.h"
#include "ui/preprocess/preprocess_dialog.h"
#include "ui/repair/repair_dialog.h"
#include "ui/search/search_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

QString shown() { return help::window().isVisible() ? help::window().place().text() : QString(); }

class DialogsHelp : public testing::Test {
 protected:
  void SetUp() override { m_document.open(demoSession()); }
  void TearDown() override { help::window().close(); }

  void expectPage(QWidget& window, const char* row) {
    const QString topic = HelpTopics().row(row);
    ASSERT_FALSE(topic.isEmpty()) << row;
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window)) << row;
    help::window().close();
    QTest::keyClick(&window, Qt::Key_F1);
    EXPECT_EQ(ManualPlace::parse(shown()).file, ManualPlace::parse(topic).file) << row << ", by the key";
    auto* button = window.findChild<QPushButton*>("help");
    ASSERT_NE(button, nullptr) << row << " has no button";
    help::window().close();
    button->click();
    EXPECT_EQ(shown(), topic) << row << ", by the button";
    EXPECT_FALSE(button->autoDefault() || button->isDefault()) << row;
  }

  Document m_document;
};

}  // namespace

TEST_F(DialogsHelp, EveryDialogShowsItsPage) {
  VisitedRecipes visited(m_document);
  AuditDialog audit;
  OpenDataDialog openData;
  ExportDialog exporting(m_document, "model-cut");
  SearchDialog search(m_document, visited);
  RepairDialog repair(m_document);
  DistillDialog distill(m_document);
  PreprocessDialog preprocess(m_document);
  expectPage(audit, "AuditDialog");
  expectPage(openData, "OpenDataDialog");
  expectPage(exporting, "ExportDialog");
  expectPage(search, "SearchDialog");
  expectPage(repair, "RepairDialog");
  expectPage(distill, "DistillDialog");
  expectPage(preprocess, "PreprocessDialog");
}

TEST_F(DialogsHelp, TheShortDialogsDoSoToo) {
  QString seen;
  QTimer::singleShot(50, [&] {
    QWidget* dialog = QApplication::activeModalWidget();
    ASSERT_TRUE(QTest::qWaitForWindowActive(dialog));
    QTest::keyClick(dialog, Qt::Key_F1);
    seen = shown();
    dialog->close();
  });
  showAbout(nullptr);
  EXPECT_EQ(seen, HelpTopics().row("AboutDialog"));
}

TEST_F(DialogsHelp, TheMainWindowShowsThePageOfWhatHasFocus) {
  MainWindow window;
  window.openModel({"demo:lenet300", {}, {}});
  ASSERT_TRUE(eventually([&] { return window.document().session() != nullptr; }));
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  const HelpTopics topics;
  const auto pageOf = [&](QWidget* part) {
    part->setFocus();
    QTest::keyClick(&window, Qt::Key_F1);
    return shown();
  };
  Workspace* workspace = window.workspace();
  EXPECT_EQ(pageOf(workspace->layers()->findChild<QTableView*>()), topics.row("LayersPanel"));
  for (int i = 0; i < workspace->tabs()->count(); ++i) {
    workspace->tabs()->setCurrentIndex(i);
    const QString topic = topics.topicOf(workspace->tabs()->currentWidget());
    ASSERT_FALSE(topic.isEmpty()) << i;
    window.activateWindow();
    static_cast<QPushButton*>(workspace->tabs()->cornerWidget())->click();
    EXPECT_EQ(shown(), topic) << i;
  }
}

}  // namespace lapidary::ui
