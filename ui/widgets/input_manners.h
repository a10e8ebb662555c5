// SPDX-License-Identifier: GPL-3.0-or-later
// How all controls of the program take the wheel and the Tab key, where Qt's own would do otherwise.
#pragma once

#include <QObject>

namespace lapidary::ui {

/// A filter for the application. The wheel changes only a control that has the focus, and does not give it:
/// whoever scrolls a panel changes nothing on the way. Tab leaves a table instead of walking its cells.
class InputManners : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace lapidary::ui
