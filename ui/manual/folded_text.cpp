// SPDX-License-Identifier: GPL-3.0-or-later
// Folds one character at a time, so that each remembers its place.
#include "ui/manual/folded_text.h"

namespace lapidary::ui {

std::pair<qsizetype, qsizetype> FoldedText::originOf(qsizetype start, qsizetype length) const {
  const auto at = [this](qsizetype i) { return origin[static_cast<std::size_t>(i)]; };
  const qsizetype begin = at(start);
  return {begin, at(start + length - 1) + 1 - begin};
}

FoldedText foldedText(const QString& text) {
  FoldedText folded;
  folded.text.reserve(text.size());
  folded.origin.reserve(static_cast<std::size_t>(text.size()));
  for (qsizetype i = 0; i < text.size(); ++i) {
    const bool plain = text[i].unicode() < 0x80;  // most characters, and normalizing is slow
    const QString piece = plain ? QString(text[i].toLower())
                                : QString(text[i]).normalized(QString::NormalizationForm_KC).toCaseFolded();
    folded.text += piece;
    folded.origin.insert(folded.origin.end(), static_cast<std::size_t>(piece.size()), i);
  }
  return folded;
}

bool isUnspacedLetter(QChar c) {
  switch (c.script()) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
      return true;
    default:
      return false;
  }
}

bool isSpacedLetter(QChar c) { return c.isLetterOrNumber() && !isUnspacedLetter(c); }

}  // namespace lapidary::ui
