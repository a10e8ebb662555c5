// SPDX-License-Identifier: GPL-3.0-or-later
// The rules by which keys get into each other's way.
#include "ui/actions/action_info.h"

#include <QStringList>

namespace lapidary::ui {

bool overlap(KeyContext a, KeyContext b) {
  if (a == KeyContext::Program || b == KeyContext::Program) return true;
  if (a == KeyContext::Field || b == KeyContext::Field) return a == b;
  // Two controls never have focus at once; the window's keys would be taken from either.
  return a == KeyContext::Window || b == KeyContext::Window;
}

bool clash(const QKeySequence& a, const QKeySequence& b) {
  if (a.isEmpty() || b.isEmpty()) return false;
  return a.matches(b) != QKeySequence::NoMatch || b.matches(a) != QKeySequence::NoMatch;
}

QString keysText(const QList<QKeySequence>& keys, const QString& gesture) {
  QStringList parts;
  for (const QKeySequence& sequence : keys) parts << sequence.toString(QKeySequence::NativeText);
  parts << gesture;
  parts.removeAll(QString());
  return parts.join(QStringLiteral(", "));
}

}  // namespace lapidary::ui
