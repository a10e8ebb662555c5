// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses the stretch and marks the terms in it.
#include "ui/manual/excerpt.h"

#include <algorithm>

namespace lapidary::ui {

namespace {

constexpr qsizetype excerptLength = 150, excerptLead = 30;

struct FoundTerm {
  std::size_t term;
  qsizetype start, length;  ///< in the text as it is
};

std::vector<FoundTerm> findAll(const FoldedText& folded, const std::vector<SearchTerm>& terms) {
  std::vector<FoundTerm> all;
  for (std::size_t i = 0; i < terms.size(); ++i)
    for (const Occurrence& seen : occurrencesOf(terms[i], folded.text)) {
      const auto [start, length] = folded.originOf(seen.start, seen.length);
      all.push_back({i, start, length});
    }
  std::sort(all.begin(), all.end(), [](const FoundTerm& a, const FoundTerm& b) { return a.start < b.start; });
  return all;
}

/// The occurrence from which the most different terms follow within the length of an excerpt.
qsizetype bestStart(const std::vector<FoundTerm>& all, std::size_t terms) {
  qsizetype best = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<bool> seen(terms, false);
    for (std::size_t j = i; j < all.size() && all[j].start - all[i].start < excerptLength - excerptLead; ++j)
      seen[all[j].term] = true;
    const auto different = static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true));
    if (different > most) {
      most = different;
      best = all[i].start;
    }
  }
  return best;
}

/// Moves away from the inside of a word, at most by the length of a long one.
qsizetype wordStart(const QString& text, qsizetype at) {
  const qsizetype end = std::min(at + 20, text.size());
  for (qsizetype i = at; i > 0 && i < end; ++i)
    if (!isSpacedLetter(text[i - 1])) return i;
  return at;
}

}  // namespace

void putExcerpt(ManualHit& hit, const QString& text, const FoldedText& folded,
                const std::vector<SearchTerm>& terms) {
  const std::vector<FoundTerm> all = findAll(folded, terms);
  const qsizetype first = bestStart(all, terms.size());
  const qsizetype from = first <= excerptLead ? 0 : std::min(first, wordStart(text, first - excerptLead));
  const qsizetype to =
      from + excerptLength >= text.size() ? text.size() : wordStart(text, from + excerptLength);
  const QString lead = from > 0 ? QStringLiteral("… ") : QString();
  hit.excerpt = lead + text.mid(from, to - from).replace(QLatin1Char('\n'), QLatin1Char(' '));
  if (to < text.size()) hit.excerpt += QStringLiteral("…");
  for (const FoundTerm& found : all)
    if (found.start >= from && found.start + found.length <= to)
      hit.marks.push_back({found.start - from + lead.size(), found.length});
}

}  // namespace lapidary::ui
