// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the real window through the demo by itself and leaves pictures, the bundle and a summary.
#pragma once

#include <QString>

namespace lapidary::ui {

class MainWindow;

/// Opens the demo, drags sliders as a hand would, looks at every tab, exports the bundle into `folder`.
/// Prints what it does on standard output. Returns an exit status: 0 where all went well.
int runDemoTour(MainWindow& window, const QString& folder);

}  // namespace lapidary::ui
