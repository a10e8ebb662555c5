// SPDX-License-Identifier: GPL-3.0-or-later
// Saving a session, which may hold large weights, while the window stays alive.
#pragma once

#include "ui/files/session_file.h"

class QWidget;

namespace lapidary::ui {

/// Writes in the background and returns once that is done; until then the window paints, and shows progress
/// and a way to cancel where it takes a while. False where it was cancelled. Throws core::Error(CannotWrite).
bool saveWithProgress(const SavedSession& session, const QString& path, QWidget* window);

}  // namespace lapidary::ui
