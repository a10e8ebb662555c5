// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions kept automatically: written in the background, gone after a clean end, offered after a crash.
#include "ui/files/autosave.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <csignal>

#include "tests/ui/demo.h"
#include "ui/document/visited_recipes.h"
#include "ui/look/settings.h"
#include "ui/widgets/banner.h"
#include "ui/window/main_window.h"

namespace lapidary::ui {

namespace {

QString keptFolder() { return QDir(settings::folder()).filePath("autosave"); }

QStringList keptFiles(const QString& pattern = QLatin1Char('*') + QLatin1String(sessionEnding)) {
  return QDir(keptFolder()).entryList({pattern}, QDir::Files);
}

bool opened(MainWindow& window) {
  window.openModel({"demo:lenet300", {}, {}});
  return eventually([&] { return window.document().session() != nullptr && !window.opener().busy(); });
}

/// Prunes the first layer, and waits until that is kept.
bool editedAndKept(MainWindow& window) {
  window.autosave()->setInterval(1);
  QSignalSpy written(window.autosave(), &Autosave::written);
  const auto& layer = window.document().session()->model().layers.front();
  core::Recipe recipe;
  recipe.set(layer.name, {{core::PruneMode::Sparsity, 0.5}, {}});
  window.document().setRecipe(recipe, "cut");
  return eventually([&] { return written.count() > 0; });
}

class AutosaveTest : public ::testing::Test {
 protected:
  void SetUp() override { QDir(keptFolder()).removeRecursively(); }
  void TearDown() override { QDir(keptFolder()).removeRecursively(); }

  /// This program in another process with the same settings, which a signal ends in the middle of its work.
  static void crash() {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("LAPIDARY_TEST_CRASH", "1");
    process.setProcessEnvironment(environment);
    process.start("/proc/" + QString::number(QCoreApplication::applicationPid()) + "/exe",
                  {"--gtest_also_run_disabled_tests", "--gtest_filter=*DISABLED_CutsAndIsKilled"});
    ASSERT_TRUE(process.waitForFinished(60000));
    ASSERT_EQ(process.exitStatus(), QProcess::CrashExit) << process.readAll().toStdString();
  }
};

}  // namespace

TEST(AutosaveVictim, DISABLED_CutsAndIsKilled) {
  if (qEnvironmentVariableIsEmpty("LAPIDARY_TEST_CRASH")) GTEST_SKIP() << "skipped: run by another test";
  MainWindow window;
  window.startAutosaving();
  window.show();
  ASSERT_TRUE(opened(window));
  ASSERT_TRUE(editedAndKept(window));
  std::raise(SIGKILL);
}

TEST_F(AutosaveTest, ACrashLosesNothingThatTheNextStartDoesNotOffer) {
  crash();
  ASSERT_EQ(keptFiles().size(), 1);
  MainWindow window;
  window.startAutosaving();
  window.show();
  ASSERT_TRUE(window.offer()->isVisible());
  EXPECT_TRUE(window.offer()->text().contains("lenet300")) << window.offer()->text().toStdString();
  window.offer()->acceptButton()->click();
  ASSERT_TRUE(eventually([&] { return !window.document().recipe().edits.empty(); }));
  const auto& layer = window.document().session()->model().layers.front();
  EXPECT_DOUBLE_EQ(window.document().recipe().editOf(layer.name).prune.value, 0.5);
  EXPECT_FALSE(window.offer()->isVisible());
  // Its file goes on being the one that is kept, until the work is saved.
  EXPECT_EQ(keptFiles().size(), 1);
  ASSERT_TRUE(editedAndKept(window));
  EXPECT_EQ(keptFiles().size(), 1);
  const QTemporaryDir folder;
  ASSERT_TRUE(window.saveSessionTo(folder.filePath("a.lapidary-session")));
  EXPECT_TRUE(eventually([] { return keptFiles().isEmpty(); }));
}

TEST_F(AutosaveTest, WhatIsDiscardedIsGone) {
  crash();
  {
    MainWindow window;
    window.startAutosaving();
    window.offer()->closeButton()->click();
    EXPECT_TRUE(keptFiles().isEmpty());
  }
  MainWindow again;
  again.startAutosaving();
  again.show();
  EXPECT_FALSE(again.offer()->isVisible());
}

TEST_F(AutosaveTest, ACleanEndLeavesNothingAndAnUneditedModelIsNotKept) {
  {
    MainWindow window;
    window.startAutosaving();
    window.autosave()->setInterval(1);
    ASSERT_TRUE(opened(window));
    ASSERT_TRUE(eventually([&] { return window.document().outcome().final; }));
    EXPECT_FALSE(window.autosave()->pending());
    EXPECT_TRUE(keptFiles().isEmpty());
    ASSERT_TRUE(editedAndKept(window));
    EXPECT_EQ(keptFiles().size(), 1);
  }
  EXPECT_TRUE(keptFiles("*").isEmpty());
}

TEST_F(AutosaveTest, TwoWindowsLeaveEachOtherAlone) {
  MainWindow first, second;
  first.startAutosaving();
  ASSERT_TRUE(opened(first));
  ASSERT_TRUE(editedAndKept(first));
  second.startAutosaving();
  second.show();
  EXPECT_FALSE(second.offer()->isVisible());
  ASSERT_TRUE(opened(second));
  ASSERT_TRUE(editedAndKept(second));
  EXPECT_EQ(keptFiles().size(), 2);
}

TEST_F(AutosaveTest, ADamagedFileIsToldOfOnceAndSetAside) {
  QDir().mkpath(keptFolder());
  QFile file(QDir(keptFolder()).filePath(QStringLiteral("x") + QLatin1String(sessionEnding)));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("{\"lapidarySession\": 1, ");
  file.close();
  {
    MainWindow window;
    window.startAutosaving();
    window.show();
    EXPECT_TRUE(window.banner()->isVisible());
    EXPECT_TRUE(window.banner()->text().contains("damaged")) << window.banner()->text().toStdString();
    EXPECT_FALSE(window.offer()->isVisible());
    ASSERT_TRUE(opened(window));
  }
  MainWindow again;
  again.startAutosaving();
  again.show();
  EXPECT_FALSE(again.banner()->isVisible());
  EXPECT_EQ(keptFiles("*.damaged").size(), 1);
}

TEST_F(AutosaveTest, AFolderThatCannotBeWrittenIsToldOfAndHindersNothing) {
  QDir().mkpath(settings::folder());
  QFile file(keptFolder());
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));  // a file where the folder should be
  file.close();
  MainWindow window;
  window.startAutosaving();
  window.autosave()->setInterval(1);
  window.show();
  ASSERT_TRUE(opened(window));
  core::Recipe recipe;
  recipe.set(window.document().session()->model().layers.front().name,
             {{core::PruneMode::Sparsity, 0.5}, {}});
  window.document().setRecipe(recipe, "cut");
  EXPECT_TRUE(eventually([&] { return window.banner()->text().contains("not kept automatically"); }));
  file.remove();
}

}  // namespace lapidary::ui
