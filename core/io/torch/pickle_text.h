// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles in words: values as Python would write them, and the list of opcodes.
#pragma once

#include <string>
#include <string_view>

#include "core/io/torch/pickle_opcodes.h"
#include "core/io/torch/pickle_trace.h"

namespace lapidary::core {

/// "posix.system('ls')": a value, cut where it grows long or deep.
std::string pickleText(const PickleTrace& pickle, PickleId id);

/// The argument of a step: "'os' 'system'", "12", "<20 bytes>".
std::string argumentText(const PickleStep& step);

}  // namespace lapidary::core
