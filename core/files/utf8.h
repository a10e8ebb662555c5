// SPDX-License-Identifier: GPL-3.0-or-later
// Whether text of a file is well-formed UTF-8, so that names can be shown and written to JSON. By hand: Qt's
// decoder could tell, and would have to copy the text for it.
#pragma once

#include <string_view>

namespace lapidary::core {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool isUtf8(std::string_view text);

}  // namespace lapidary::core
