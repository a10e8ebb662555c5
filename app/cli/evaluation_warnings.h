// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation measured in place of accuracy, cuts without effect, and labels that cannot be right.
#pragma once

#include <optional>

#include "core/session/open.h"

namespace lapidary::cli {

/// Warns where there are no labels, or no scores of classes to hold them to.
void warnOfKind(const core::Session& session, bool uncut);
/// Of layers on which a part of the cut has no effect, those of one reason together.
void warnOfLayerNotes(const core::Model& model, const core::Footprint& footprint);
/// Warns of labels that the uncut model's answers speak against: by those that the session has, or by a few
/// hundred. What cannot be run is left to the command to tell.
void warnOfLabels(const core::Session& session);
/// The same by answers that ranks have found together; nothing without them.
void warnOfLabels(const core::Session& session, const std::optional<core::Comparison>& comparison);
/// For commands that use no labels, but where the preprocess was tried on them.
void warnOfTriedLabels(const core::Opened& opened);

}  // namespace lapidary::cli
