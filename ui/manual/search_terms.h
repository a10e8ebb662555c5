// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a search, and where they occur.
#pragma once

#include <QString>
#include <vector>

namespace lapidary::ui {

/// A word, or a run of Chinese characters, folded.
struct SearchTerm {
  QString text;
  bool spaced = true;  ///< matches where a word begins; otherwise anywhere
};

struct Occurrence {
  qsizetype start, length;  ///< to the end of the word that it begins
  bool whole = true;        ///< the word is the one that was looked for, or a form of it, and no longer one
};

/// Finds where it occurs in a folded text.
std::vector<Occurrence> occurrencesOf(const SearchTerm& term, const QString& folded);

/// The terms of what was typed. Endings of English words are dropped ("pruning" finds "prune").
std::vector<SearchTerm> searchTermsOf(const QString& typed);
/// Pairs of neighbouring characters in place of a longer run, for one that occurs nowhere as a whole.
std::vector<SearchTerm> pairsOf(const SearchTerm& run);

}  // namespace lapidary::ui
