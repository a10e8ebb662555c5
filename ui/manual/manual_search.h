// SPDX-License-Identifier: GPL-3.0-or-later
// Full-text search of the manual: sections in the order of how well they answer, with excerpts.
#pragma once

#include <QString>
#include <vector>

#include "ui/manual/folded_text.h"
#include "ui/manual/search_terms.h"

namespace lapidary::ui {

class ManualPages;

struct ManualHit {
  struct Mark {
    qsizetype start, length;
  };

  QString file;
  int section = 0;  ///< its index in the page
  QString title;    ///< "Cut › Channels"
  QString excerpt;
  std::vector<Mark> marks;  ///< of what was searched, in the excerpt
  double score = 0;
};

class ManualSearch {
 public:
  /// The pages are read now and need not stay.
  explicit ManualSearch(const ManualPages& pages);

  /// Best first. Sections that have all words come before those that have some, headings before text, whole
  /// words before beginnings of longer ones, and the words that were typed before those that mean the same.
  std::vector<ManualHit> find(const QString& typed, std::size_t most = 40) const;
  /// The terms that `find` marks: those of `typed`, divided where they occur nowhere as a whole; where the
  /// manual does not have one at all, those that mean the same.
  std::vector<SearchTerm> termsOf(const QString& typed) const;

 private:
  struct Entry {
    QString file, title, text;
    int section = 0, level = 0;
    FoldedText heading, body;
    double relativeLength = 1;  ///< of the text, against the average
  };
  struct Weighed {
    SearchTerm term;
    double weight;  ///< more for what is rarer, less for what only means the same
  };
  using Alternatives = std::vector<Weighed>;  ///< what was typed, and what means the same

  bool knows(const SearchTerm& term) const;
  std::vector<SearchTerm> typedTerms(const QString& typed) const;
  double rarity(const SearchTerm& term) const;
  std::vector<Alternatives> weigh(const QString& typed) const;
  static bool contains(const Entry& entry, const SearchTerm& term);
  static double scoreOf(const Entry& entry, const Weighed& term);
  static double scoreOf(const Entry& entry, const std::vector<Alternatives>& terms, const QString& phrase);

  std::vector<Entry> m_entries;
};

}  // namespace lapidary::ui
