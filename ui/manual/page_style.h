// SPDX-License-Identifier: GPL-3.0-or-later
// How a page of the manual looks: Markdown has no style sheet, so its parts are given theirs after reading.
#pragma once

class QString;
class QTextDocument;

namespace lapidary::ui {

/// In the colours of the theme; `pixels` is the height of the text's font.
void stylePage(QTextDocument& document, int pixels);
/// Makes text of links that leave the manual, with the address behind it: the program opens none of them.
void spellOutExternalLinks(QTextDocument& document);
/// No picture is wider than this.
void fitPictures(QTextDocument& document, int width);

/// Whether it leads out of the manual.
bool isExternal(const QString& link);

}  // namespace lapidary::ui
