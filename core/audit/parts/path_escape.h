// SPDX-License-Identifier: GPL-3.0-or-later
// Names in files that would lead a reader out of the folder it works in.
#pragma once

#include <string_view>

namespace lapidary::core {

/// Absolute paths, drives, "..", with either slash; and names with a zero byte, which readers cut off
/// differently.
bool leadsOut(std::string_view path);

}  // namespace lapidary::core
