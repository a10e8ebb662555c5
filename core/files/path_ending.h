// SPDX-License-Identifier: GPL-3.0-or-later
// The ending of a path, which tells a file's kind: ".ZIP" is ".zip".
#pragma once

#include <string>
#include <string_view>

namespace lapidary::core {

/// From the last dot of the file's name on, in lower case; empty without one.
std::string endingOf(const std::string& path);

/// Whether a name ends so, whatever its case; `ending` in lower case, with the dot.
bool hasEnding(std::string_view name, std::string_view ending);

}  // namespace lapidary::core
