// SPDX-License-Identifier: GPL-3.0-or-later
// The archive form of a session: its document and the weights that its recipes are of.
#pragma once

#include <QByteArray>
#include <vector>

#include "ui/files/session_file.h"

namespace lapidary::ui {

/// Every set of repaired weights that the recipe or a visit is of, once.
std::vector<core::TrainedWeights> repairedOf(const SavedSession& session);

/// By the first four bytes of a file.
bool isSessionArchive(const QByteArray& start);
/// Throws core::Error(InvalidInput) for a damaged archive, or one without a document.
QByteArray sessionText(const core::Bytes& archive);
void writeSessionArchive(const QByteArray& text, const std::vector<core::TrainedWeights>& repaired,
                         const QString& path, const core::Progress& progress);

}  // namespace lapidary::ui
