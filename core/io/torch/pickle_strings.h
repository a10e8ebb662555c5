// SPDX-License-Identifier: GPL-3.0-or-later
// The two escaped text forms of old pickles (pickletools.py of CPython).
#pragma once

#include <string>
#include <string_view>

namespace lapidary::core {

/// Gives what stands between the quotes of a STRING, its escapes of Python undone; bytes, in no encoding.
std::string unquotedPickleString(std::string_view line);
/// The raw-unicode-escape of a UNICODE, \uXXXX and \UXXXXXXXX, as UTF-8.
std::string unescapedPickleText(std::string_view line);

}  // namespace lapidary::core
