// SPDX-License-Identifier: GPL-3.0-or-later
// Text of a file made safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lapidary::core {

/// Control characters and what is no UTF-8 as \xNN, at most `most` characters.
std::string shownText(std::string_view text, std::size_t most = 120);
/// The same between quotation marks.
std::string quotedText(std::string_view text, std::size_t most = 120);

}  // namespace lapidary::core
