// SPDX-License-Identifier: GPL-3.0-or-later
// Words are told from runs of Chinese characters, which are not divided by spaces.
#include "ui/manual/search_terms.h"

#include <algorithm>
#include <array>

#include "ui/manual/folded_text.h"

namespace lapidary::ui {

namespace {

constexpr qsizetype shortestStem = 4;

/// Rough, and enough: a stem is only compared with the beginnings of words.
QString stemOf(const QString& word) {
  static const std::array<QLatin1String, 4> endings{QLatin1String("ing"), QLatin1String("ed"),
                                                    QLatin1String("es"), QLatin1String("s")};
  for (const auto& ending : endings)
    if (word.endsWith(ending) && word.size() - ending.size() >= shortestStem)
      return word.chopped(ending.size());
  const bool silent = word.endsWith(QLatin1Char('e')) && word.size() > shortestStem;
  return silent ? word.chopped(1) : word;
}

bool beginsWord(const QString& text, qsizetype at) { return at == 0 || !isSpacedLetter(text[at - 1]); }

}  // namespace

std::vector<Occurrence> occurrencesOf(const SearchTerm& term, const QString& folded) {
  std::vector<Occurrence> found;
  if (term.text.isEmpty()) return found;
  for (qsizetype at = folded.indexOf(term.text), end = 0; at >= 0; at = folded.indexOf(term.text, end)) {
    end = at + term.text.size();
    if (term.spaced && !beginsWord(folded, at)) continue;
    while (term.spaced && end < folded.size() && isSpacedLetter(folded[end])) ++end;
    found.push_back({at, end - at, !term.spaced || stemOf(folded.mid(at, end - at)) == term.text});
  }
  return found;
}

std::vector<SearchTerm> searchTermsOf(const QString& typed) {
  const QString text = foldedText(typed).text;
  std::vector<SearchTerm> terms;
  for (qsizetype i = 0; i < text.size();) {
    const bool spaced = isSpacedLetter(text[i]);
    if (!spaced && !isUnspacedLetter(text[i])) {
      ++i;
      continue;
    }
    qsizetype end = i;
    while (end < text.size() && (spaced ? isSpacedLetter(text[end]) : isUnspacedLetter(text[end]))) ++end;
    const QString run = text.mid(i, end - i);
    terms.push_back({spaced ? stemOf(run) : run, spaced});
    i = end;
  }
  return terms;
}

std::vector<SearchTerm> pairsOf(const SearchTerm& run) {
  std::vector<SearchTerm> pairs;
  for (qsizetype i = 0; i + 1 < run.text.size(); ++i) pairs.push_back({run.text.mid(i, 2), false});
  return pairs;
}

}  // namespace lapidary::ui
