// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns of names on the command line.
#pragma once

#include <string_view>

namespace lapidary::cli {

/// `*` stands for any characters, dots and slashes too, `?` for one.
bool matchesPattern(std::string_view name, std::string_view pattern);

}  // namespace lapidary::cli
