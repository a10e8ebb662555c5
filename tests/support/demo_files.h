// SPDX-License-Identifier: GPL-3.0-or-later
// Where the embedded demo's files lie in the tree.
#pragma once

#include <string>

namespace lapidary::core {

inline const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";

}  // namespace lapidary::core
