// SPDX-License-Identifier: GPL-3.0-or-later
// Icons, themes and the demo, compiled into the program.
#pragma once

namespace lapidary {

/// Call once before a path that starts with ":/" is opened.
void loadResources();

}  // namespace lapidary
