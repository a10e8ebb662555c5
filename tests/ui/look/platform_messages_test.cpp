// SPDX-License-Identifier: GPL-3.0-or-later
// The plugin's noise is dropped, and nothing else.
#include "ui/look/platform_messages.h"

#include <gtest/gtest.h>

#include <QStringList>
#include <QtGlobal>

namespace lapidary::ui {

namespace {

QStringList heard;

void listen(QtMsgType, const QMessageLogContext&, const QString& message) { heard << message; }

}  // namespace

TEST(PlatformMessages, DropTheNoiseAlone) {
  heard.clear();
  qInstallMessageHandler(listen);
  dropPlatformNoise();
  qWarning("This plugin does not support propagateSizeHints()");
  qWarning("This plugin does not support raise()");
  qWarning("the disk is full");
  dropPlatformNoise();  // once more changes nothing
  qWarning("This plugin does not support anything");
  qInstallMessageHandler(nullptr);
  dropPlatformNoise();  // as the other tests have it
  EXPECT_EQ(heard, (QStringList{"the disk is full", "This plugin does not support anything"}));
}

}  // namespace lapidary::ui
