// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of an exported file after it was held against the rules of what was tried in ONNX Runtime.
#pragma once

#include <QString>

#include "core/session/session.h"

namespace lapidary::ui {

/// A sentence, or a line for each kind of node that no rule covers; empty for a file that cannot be run.
QString runtimeText(const core::SavedFile& saved);

}  // namespace lapidary::ui
