// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that controls have of their own: listed with those of the actions, and never given away.
#pragma once

#include "ui/actions/action_info.h"

namespace lapidary::ui {

/// In the language that is installed now.
std::vector<ActionInfo> controlKeys();

}  // namespace lapidary::ui
