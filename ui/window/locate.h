// SPDX-License-Identifier: GPL-3.0-or-later
// Asks where the model and the data of a session are, if they moved.
#pragma once

#include <QString>

class QWidget;

namespace lapidary::ui {

struct SavedSession;

/// Puts what the person chooses into the session. Without their answer (`asks` is false, or they want none)
/// the data are left out. False where the model is not there and none was chosen.
bool locateWhatMoved(SavedSession& saved, QWidget& window, bool asks);

/// What to say of data that were left out so; empty where they are there.
QString leftOutData(const QString& data);

}  // namespace lapidary::ui
