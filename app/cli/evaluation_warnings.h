// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation measured in place of accuracy, and labels that cannot be right.
#pragma once

#include <optional>

#include "core/session/session.h"

namespace lapidary::cli {

/// Warns where there are no labels, or no scores of classes to hold them to.
void warnOfKind(const core::Session& session, bool uncut);
/// Warns of labels that the uncut model's answers speak against; nothing without a comparison.
void warnOfLabels(const core::Session& session, const std::optional<core::Comparison>& comparison);

}  // namespace lapidary::cli
