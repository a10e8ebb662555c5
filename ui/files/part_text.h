// SPDX-License-Identifier: GPL-3.0-or-later
// The names of the parts of data, for people.
#pragma once

#include <QString>

#include "core/data/data_part.h"

namespace lapidary::ui {

/// "test", "validation", "training".
QString partText(core::DataPart part);

}  // namespace lapidary::ui
