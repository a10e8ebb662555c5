// SPDX-License-Identifier: GPL-3.0-or-later
// The export of a chart: its data as text, its picture as PNG or SVG.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

class QWidget;

namespace lapidary::ui {

/// Rows of cells, the header first.
using DataTable = std::vector<QStringList>;

/// Tab-separated lines, ready for a spreadsheet; tabs and line breaks within cells become spaces.
QString tableText(const DataTable& table);

/// Draws a widget as it stands, PNG at twice its size, or SVG; the ending decides. Returns an empty
/// text, or the sentence that says why it could not be written.
QString savePicture(QWidget& widget, const QString& path);

/// Asks for a file name and saves; says what went wrong in a message box.
void askAndSavePicture(QWidget& widget, const QString& suggestedName);

}  // namespace lapidary::ui
