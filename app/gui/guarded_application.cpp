// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/guarded_application.h"

#include <QThread>
#include <QtDebug>

#include "ui/look/failure_text.h"

namespace lapidary::ui {

GuardedApplication::GuardedApplication(int& argc, char** argv) : QApplication(argc, argv) {
  installEventFilter(&m_manners);
}

bool GuardedApplication::notify(QObject* receiver, QEvent* event) {
  if (!m_tell || QThread::currentThread() != thread()) return QApplication::notify(receiver, event);
  try {
    return QApplication::notify(receiver, event);
  } catch (...) {
    tell(caughtText());
    return true;  // whoever else would get the event has not seen it fail
  }
}

/// Telling may fail in turn, and shows widgets, whose own handlers may: the terminal is left then.
void GuardedApplication::tell(const QString& message) {
  qWarning("lapidary: an event handler failed: %s", qUtf8Printable(message));
  if (m_telling) return;
  m_telling = true;
  try {
    m_tell(message);
  } catch (...) {
    qWarning("lapidary: it could not be shown: %s", qUtf8Printable(caughtText()));
  }
  m_telling = false;
}

}  // namespace lapidary::ui
