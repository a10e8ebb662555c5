// SPDX-License-Identifier: GPL-3.0-or-later
// Every measurement of a search as a line of JSON in a file, from which a run that broke off goes on.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/search/search.h"

namespace lapidary::core {

/// The first line says what is measured on what; each further line is one recipe with what was counted. A
/// line is appended by one write, so that a crash leaves whole lines and at most one torn one at the end,
/// which reading leaves out. Numbers come back to the last bit: a resumed run decides as the first one did.
class SearchJournal {
 public:
  /// Reads what is there, or begins a file. Throws Error(Usage) where it is the journal of another model,
  /// other data or no journal; Error(CannotWrite) where it cannot be written.
  SearchJournal(std::string path, const std::string& subject);
  ~SearchJournal();
  SearchJournal(const SearchJournal&) = delete;
  SearchJournal& operator=(const SearchJournal&) = delete;

  /// The shortest measurement of at least so many samples, or one that ended early under the same rule.
  std::optional<Measurement> find(const std::string& fingerprint, const RaceRule& rule,
                                  QualityKind kind) const;
  /// The longest measurement of fewer samples, to go on from.
  std::optional<Measurement> begun(const std::string& fingerprint, const RaceRule& rule) const;
  void add(const Recipe& recipe, const Measurement& measured);

  std::size_t size() const { return m_count; }
  const std::string& path() const { return m_path; }

 private:
  void read(const std::string& text, const std::string& subject);
  void append(const std::string& line);
  void remember(const std::string& fingerprint, const Measurement& measured);

  std::string m_path;
  std::map<std::string, std::vector<Measurement>> m_known;  ///< by fingerprint, by rising samples
  std::size_t m_count = 0;
  int m_file = -1;
};

/// Whether a trial may stop here under the rule.
bool endsHere(const Trial& trial, const RaceRule& rule, QualityKind kind);

/// One line, without a line feed; and back. Throws Error(InvalidInput) where it is not such a line.
std::string toLine(const Recipe& recipe, const Measurement& measured);
std::pair<Recipe, Measurement> fromLine(const std::string& line);

}  // namespace lapidary::core
