// SPDX-License-Identifier: GPL-3.0-or-later
// Ranking by how rare the found words are, and how prominent: BM25 with headings counted several times.
#include "ui/manual/manual_search.h"

#include <algorithm>
#include <cmath>

#include "ui/manual/excerpt.h"
#include "ui/manual/manual_pages.h"
#include "ui/manual/synonyms.h"

namespace lapidary::ui {

namespace {

/// The weight of a term in a heading of this level, against many in the text.
double headingWeight(int level) { return level == 1 ? 3.5 : level == 2 ? 3 : 2.5; }

/// What the beginning of a longer word counts, and a word that only means the same.
constexpr double beginningShare = 0.3, synonymShare = 0.25;

/// How much less an occurrence says in a text this many times as long as the average.
double lengthPenalty(double relative) { return 0.25 + 0.75 * relative; }

double countOf(const std::vector<Occurrence>& occurrences) {
  double count = 0;
  for (const Occurrence& one : occurrences) count += one.whole ? 1 : beginningShare;
  return count;
}

double bestOf(const std::vector<Occurrence>& occurrences) {
  double best = 0;
  for (const Occurrence& one : occurrences) best = std::max(best, one.whole ? 1 : beginningShare);
  return best;
}

/// Grows ever more slowly with the number of occurrences.
double saturated(double occurrences) { return occurrences * 2.2 / (occurrences + 1.2); }

}  // namespace

ManualSearch::ManualSearch(const ManualPages& pages) {
  double letters = 0;
  for (const ManualPage& page : pages.pages())
    for (std::size_t i = 0; i < page.sections.size(); ++i) {
      const MarkdownSection& section = page.sections[i];
      const bool titled = section.heading.isEmpty() || section.heading == page.title;
      const QString title = titled ? page.title : page.title + QStringLiteral(" › ") + section.heading;
      m_entries.push_back({page.file, title, section.text, static_cast<int>(i), section.level,
                           foldedText(section.heading), foldedText(section.text), 1});
      letters += static_cast<double>(section.text.size());
    }
  const double average = std::max(1.0, letters / static_cast<double>(m_entries.size()));
  for (Entry& entry : m_entries) entry.relativeLength = static_cast<double>(entry.text.size()) / average;
}

bool ManualSearch::contains(const Entry& entry, const SearchTerm& term) {
  return !occurrencesOf(term, entry.heading.text).empty() || !occurrencesOf(term, entry.body.text).empty();
}

bool ManualSearch::knows(const SearchTerm& term) const {
  return std::any_of(m_entries.begin(), m_entries.end(),
                     [&](const Entry& entry) { return contains(entry, term); });
}

std::vector<SearchTerm> ManualSearch::typedTerms(const QString& typed) const {
  std::vector<SearchTerm> terms;
  for (const SearchTerm& term : searchTermsOf(withTypeNames(typed))) {
    if (term.spaced || term.text.size() < 3 || knows(term))
      terms.push_back(term);
    else
      for (const SearchTerm& pair : pairsOf(term)) terms.push_back(pair);
  }
  return terms;
}

std::vector<SearchTerm> ManualSearch::termsOf(const QString& typed) const {
  std::vector<SearchTerm> terms;
  for (const SearchTerm& term : typedTerms(typed)) {
    terms.push_back(term);
    if (knows(term)) continue;
    for (const SearchTerm& other : synonymsOf(term)) terms.push_back(other);
  }
  return terms;
}

double ManualSearch::rarity(const SearchTerm& term) const {
  const auto all = static_cast<double>(m_entries.size());
  const auto having = static_cast<double>(std::count_if(
      m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return contains(entry, term); }));
  return std::log(1 + (all - having + 0.5) / (having + 0.5));
}

std::vector<ManualSearch::Alternatives> ManualSearch::weigh(const QString& typed) const {
  std::vector<Alternatives> weighed;
  for (const SearchTerm& term : typedTerms(typed)) {
    Alternatives alternatives{{term, rarity(term)}};
    for (const SearchTerm& other : synonymsOf(term))
      alternatives.push_back({other, synonymShare * rarity(other)});
    weighed.push_back(std::move(alternatives));
  }
  return weighed;
}

double ManualSearch::scoreOf(const Entry& entry, const Weighed& term) {
  const auto heading = occurrencesOf(term.term, entry.heading.text),
             body = occurrencesOf(term.term, entry.body.text);
  return term.weight * (saturated(countOf(body) / lengthPenalty(entry.relativeLength)) +
                        bestOf(heading) * headingWeight(entry.level));
}

double ManualSearch::scoreOf(const Entry& entry, const std::vector<Alternatives>& terms,
                             const QString& phrase) {
  double score = 0;
  std::size_t found = 0;
  for (const Alternatives& alternatives : terms) {
    double best = 0;
    for (const Weighed& term : alternatives) best = std::max(best, scoreOf(entry, term));
    score += best;
    found += best > 0;
  }
  if (found == 0) return 0;
  const bool wholly =
      terms.size() > 1 && (entry.body.text.contains(phrase) || entry.heading.text.contains(phrase));
  const double part = static_cast<double>(found) / static_cast<double>(terms.size());
  return score * part * part * (wholly ? 1.25 : 1);
}

std::vector<ManualHit> ManualSearch::find(const QString& typed, std::size_t most) const {
  const std::vector<Alternatives> weighed = weigh(typed);
  const std::vector<SearchTerm> terms = termsOf(typed);
  const QString phrase = foldedText(typed.simplified()).text;
  std::vector<std::pair<double, const Entry*>> ranked;
  for (const Entry& entry : m_entries)
    if (const double score = scoreOf(entry, weighed, phrase); score > 0) ranked.emplace_back(score, &entry);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (ranked.size() > most) ranked.resize(most);
  std::vector<ManualHit> hits;
  for (const auto& [score, entry] : ranked) {
    ManualHit hit{entry->file, entry->section, entry->title, {}, {}, score};
    putExcerpt(hit, entry->text, entry->body, terms);
    hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace lapidary::ui
