// SPDX-License-Identifier: GPL-3.0-or-later
// The outline of a page in Markdown, read as the window shows it: sections, links and pictures.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

class QTextDocument;

namespace lapidary::ui {

struct MarkdownSection {
  int level = 0;    ///< of its heading; 0: what stands before the first
  QString heading;  ///< without marks
  QString anchor;   ///< that links to it use, as code hosts make it of the heading; the second of a kind ends
                    ///< in -1
  QString text;     ///< what stands below it, without marks
};

std::vector<MarkdownSection> sectionsOf(const QTextDocument& document);
std::vector<MarkdownSection> sectionsOf(const QString& markdown);
QStringList linksOf(const QString& markdown);
QStringList picturesOf(const QString& markdown);

/// Gives where each heading begins in the document, in the order of the sections that have one.
std::vector<int> headingPositions(const QTextDocument& document);

}  // namespace lapidary::ui
