// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the window's tests on an application without a screen and without the user's settings.
#include <gmock/gmock.h>

#include <QTemporaryDir>

#include "app/gui/guarded_application.h"
#include "resources/resources.h"
#include "ui/look/language.h"
#include "ui/look/platform_messages.h"
#include "ui/look/theme.h"

int main(int argc, char** argv) {
  const QTemporaryDir settings;
  // A test may start this program again, to be killed; it then shares the folder.
  if (qEnvironmentVariableIsEmpty("LAPIDARY_TEST_CRASH"))
    qputenv("XDG_CONFIG_HOME", settings.path().toUtf8());
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
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
