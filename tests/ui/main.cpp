// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the window's tests on an application without a screen and without the user's settings.
#include <gmock/gmock.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "app/gui/guarded_application.h"
#include "resources/resources.h"
#include "ui/look/language.h"
#include "ui/look/platform_messages.h"
#include "ui/look/theme.h"

namespace {

/// The screen of a desk, where the platform without a screen has a small square one.
void useScreen(const QString& folder) {
  if (qEnvironmentVariable("QT_QPA_PLATFORM", "offscreen") != "offscreen") return;
  QFile file(QDir(folder).filePath("screen.json"));
  if (!file.open(QIODevice::WriteOnly)) return;
  file.write(R"({"screens": [{"name": "desk", "x": 0, "y": 0, "width": 1920, "height": 1200,
    "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]})");
  qputenv("QT_QPA_PLATFORM", "offscreen:configfile=" + file.fileName().toUtf8());
}

}  // namespace

int main(int argc, char** argv) {
  const QTemporaryDir settings;
  // A test may start this program again, to be killed; it then shares the folder.
  if (qEnvironmentVariableIsEmpty("LAPIDARY_TEST_CRASH"))
    qputenv("XDG_CONFIG_HOME", settings.path().toUtf8());
  useScreen(settings.path());
  testing::InitGoogleMock(&argc, argv);
  // The build lists the tests once; a window system is not needed for that.
  if (GTEST_FLAG_GET(list_tests)) return RUN_ALL_TESTS();
  lapidary::ui::dropPlatformNoise();
  lapidary::ui::GuardedApplication application(argc, argv);  // without a handler: what throws fails the test
  lapidary::loadResources();
  lapidary::ui::language::install("en");
  lapidary::ui::Theme::instance().useForThisRun(lapidary::ui::Appearance::Light);
  return RUN_ALL_TESTS();
}
