// SPDX-License-Identifier: GPL-3.0-or-later
// The filters by which file dialogs and drops know files by their names, from the core's tables of formats.
#pragma once

#include <QString>

namespace lapidary::ui {

/// For the brackets of a file dialog's filter: "*.onnx *.ONNX *.lapidary", each ending in both cases, since
/// some desktops tell them apart.
QString modelPatterns();  ///< all that can be opened
QString graphPatterns();  ///< of files with a graph
QString dataPatterns();   ///< arrays and lists
/// ".onnx, .lapidary or .pt"
QString modelEndingsText();
/// With the dot, of files that are written in the format of this name.
QString endingFor(const char* format);

/// Whether a path that was dropped can only be data: a folder, a list, or a file of IDX.
bool looksLikeData(const QString& path);
/// Whether it holds arrays, which are weights of a model or samples.
bool looksLikeArrays(const QString& path);

}  // namespace lapidary::ui
