// SPDX-License-Identifier: GPL-3.0-or-later
// Where the embedded demo's files lie in the tree, and where the shared models and data are.
#pragma once

#include <string>

namespace lapidary::core {

inline const std::string assets = LAPIDARY_ASSETS_DIR;  // may be missing
inline const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";

}  // namespace lapidary::core
