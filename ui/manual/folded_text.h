// SPDX-License-Identifier: GPL-3.0-or-later
// Text as a search compares it: without case, and with full-width letters and digits as their usual ones.
#pragma once

#include <QString>
#include <vector>

namespace lapidary::ui {

struct FoldedText {
  QString text;
  std::vector<qsizetype> origin;  ///< of each character, where it stands in the text that was folded

  /// The range of the original text that `length` characters from `start` came from.
  std::pair<qsizetype, qsizetype> originOf(qsizetype start, qsizetype length) const;
};

FoldedText foldedText(const QString& text);

/// Whether it is a letter or digit of a script that is written with spaces between words.
bool isSpacedLetter(QChar c);
/// Whether it is of a script without such spaces: Chinese, and what is written like it.
bool isUnspacedLetter(QChar c);

}  // namespace lapidary::ui
