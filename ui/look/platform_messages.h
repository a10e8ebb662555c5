// SPDX-License-Identifier: GPL-3.0-or-later
// The messages that Qt's platform plugins print although they tell nobody anything.
#pragma once

namespace lapidary::ui {

/// From now on the warnings that a plugin without a window manager ("offscreen") prints for every window are
/// dropped; all other messages go where they went. To be called once, before the application is made.
void dropPlatformNoise();

}  // namespace lapidary::ui
