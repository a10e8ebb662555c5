// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a window can be worked with by keyboard alone, by wheel without harm, and by a screen reader.
#pragma once

#include <QWidget>

namespace lapidary::ui {

/// What keeps the keyboard from going round: widgets that Tab does not leave and widgets it never comes to.
QStringList tabFaults(QWidget& window);
/// Controls without focus whose value a turn of the wheel changes.
QStringList wheelFaults(QWidget& window);
/// Controls and drawings that a screen reader has no name for.
QStringList namelessParts(const QWidget& window);

}  // namespace lapidary::ui
