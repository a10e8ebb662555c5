// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/platform_messages.h"

#include <QString>
#include <QtGlobal>

namespace lapidary::ui {

namespace {

QtMessageHandler nextMessageHandler = nullptr;

/// It has no category of its own, so no rule of QT_LOGGING_RULES could name it alone.
void passUnlessNoise(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  if (message == QLatin1String("This plugin does not support propagateSizeHints()") ||
      message == QLatin1String("This plugin does not support raise()"))
    return;
  nextMessageHandler(type, context, message);
}

}  // namespace

void dropPlatformNoise() {
  const QtMessageHandler before = qInstallMessageHandler(passUnlessNoise);
  if (before != passUnlessNoise) nextMessageHandler = before;
}

}  // namespace lapidary::ui
