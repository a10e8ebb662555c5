// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle that an audit came across.
#pragma once

#include <cstddef>
#include <string>

#include "core/files/bytes.h"

namespace lapidary::core {

/// Kept to be shown opcode by opcode.
struct FoundPickle {
  std::string place;  ///< empty: the file itself
  Bytes bytes;
  std::size_t offset = 0;  ///< of its first opcode in `bytes`
};

}  // namespace lapidary::core
