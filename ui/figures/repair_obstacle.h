// SPDX-License-Identifier: GPL-3.0-or-later
// Why the cut that is shown cannot be repaired.
#pragma once

#include <QString>

#include "ui/document/document.h"

namespace lapidary::ui {

/// A sentence for a person; empty where nothing stands in the way.
QString repairObstacle(const Document& document);

}  // namespace lapidary::ui
