// SPDX-License-Identifier: GPL-3.0-or-later
// The file of a session: written, read, and given the weights that repairs have trained.
#pragma once

#include <QString>

#include "ui/files/saved_session.h"

namespace lapidary::ui {

inline constexpr auto sessionEnding = ".lapidary-session";

/// JSON; where recipes are of repaired weights a zip of "session.json" and "repaired/ID.onnx", uncompressed.
/// Written beside the target and renamed over it. Throws core::Error(CannotWrite).
void writeSession(const SavedSession& session, const QString& path, const core::Progress& progress = {});
/// A model or data that is no longer where it was is looked for beside the session file. Recipes that are of
/// repaired weights have their names alone. Throws core::Error(InvalidInput) with file, key and what was
/// expected.
SavedSession readSession(const QString& path);
/// Gives recipes and visits of a session that was read their weights, once its model is open; for background
/// jobs. Throws core::Error(InvalidInput), and leaves the session as it was, where weights are missing,
/// damaged, or of another model.
void restoreRepaired(SavedSession& session, const core::Model& model, const QString& path,
                     const core::Progress& progress);

/// The file that is not there of a model's or data's path, which may be an IDX pair or name a part; empty
/// where all is there.
QString missingFile(const QString& path);

}  // namespace lapidary::ui
