// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what stands in a window can be read whole.
#pragma once

#include <QWidget>

namespace lapidary::ui {

/// What is cut off or elided below this widget, one sentence each; empty where all can be read. Texts that
/// may be of any length (names of files and layers) may be elided where a tooltip has them whole.
QStringList unreadableTexts(const QWidget& root);

}  // namespace lapidary::ui
