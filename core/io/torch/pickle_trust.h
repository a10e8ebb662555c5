// SPDX-License-Identifier: GPL-3.0-or-later
// The names that a pickle may look up: an allow-list for what tensors and plain values need, and, among all
// others, those known to run code.
#pragma once

#include <string_view>

namespace lapidary::core {

enum class PickleTrust {
  Allowed,    ///< builds tensors, arrays or plain values, and can do nothing else
  Unknown,    ///< not on the list: what it does depends on the reader's machine
  Dangerous,  ///< known to run commands or code, to open files or connections, or to reach things that do
};

/// Of a module's name as PickleValue has it. A name with a dot, which walks attributes, is never allowed.
PickleTrust pickleTrust(std::string_view module, std::string_view name);

}  // namespace lapidary::core
