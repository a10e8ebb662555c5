// SPDX-License-Identifier: GPL-3.0-or-later
// Notices on samples: what was left out of them, and what was guessed.
#pragma once

#include <QString>

#include "core/data/data_warning.h"

namespace lapidary::ui {

QString dataWarningText(const core::DataWarning& warning);

}  // namespace lapidary::ui
