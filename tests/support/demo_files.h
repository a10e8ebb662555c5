// SPDX-License-Identifier: GPL-3.0-or-later
// The folders of the embedded demo's files in the tree, and of the shared models and data.
#pragma once

#include <string>

namespace lapidary::core {

inline const std::string assets = LAPIDARY_ASSETS_DIR;  // may be missing
inline const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";

}  // namespace lapidary::core
