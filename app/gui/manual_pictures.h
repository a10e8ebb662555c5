// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the pictures of the user's manual from the real window.
#pragma once

#include <QString>

namespace lapidary::ui {

class MainWindow;

/// Cuts the demo as the manual's pages do, and writes each picture that they show into `folder` as NAME.png.
/// The audit looks into the file `audited`; without one, into the bundle that the walk exports. Prints what
/// it does on standard output. Returns an exit status: 0 where all went well, and every picture was made.
int makeManualPictures(MainWindow& window, const QString& folder, const QString& audited);

}  // namespace lapidary::ui
