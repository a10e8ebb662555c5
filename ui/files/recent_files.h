// SPDX-License-Identifier: GPL-3.0-or-later
// The models and sessions opened lately, newest first.
#pragma once

#include <QStringList>

namespace lapidary::ui::recent_files {

/// Those that still exist.
QStringList list();
void add(const QString& path);

}  // namespace lapidary::ui::recent_files
