// SPDX-License-Identifier: GPL-3.0-or-later
// One audit of a file under way: what was found so far, and the parts that are still to be looked into.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/audit/parts/found_pickle.h"
#include "core/audit/rules/audit_rules.h"
#include "core/files/bytes.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// Bytes to look into: the file itself, a member of an archive, a pickle in an array.
struct AuditPart {
  Bytes bytes;
  std::string place;                  ///< shown before places inside; empty for the file itself
  std::string name;                   ///< whose ending says what it should be; empty: it has none
  std::string folder;                 ///< of external data; empty: none
  int depth = 0;                      ///< archives around it
  std::optional<std::uint64_t> base;  ///< offset in the file, where the part lies there as it is

  std::span<const std::byte> view() const { return bytes.view; }
  /// "member.pkl, byte 12".
  std::string placeOf(std::size_t offset) const;
  /// A stretch of this part in the file, where that is known.
  std::optional<ByteRange> rangeOf(std::size_t offset, std::size_t length) const;
};

class AuditRun {
 public:
  /// Looks into a part by what its content is.
  using Look = void (*)(AuditRun& run, const AuditPart& part);

  /// `look` is how what an archive holds is looked into.
  AuditRun(Look look, const Progress& progress) : m_look(look), m_progress(progress) {}

  void lookInto(const AuditPart& part) { m_look(*this, part); }

  /// Of one rule 20 cases are kept; the others are counted in one more finding.
  void add(std::string_view rule, std::string place, std::string what,
           std::optional<ByteRange> bytes = std::nullopt);
  /// At an offset of a part.
  void addAt(std::string_view rule, const AuditPart& part, std::size_t offset, std::size_t length,
             std::string what);
  bool has(std::string_view rule) const { return count(rule) > 0; }
  /// The cases of a rule so far, those that are not kept counted in.
  std::size_t count(std::string_view rule) const {
    const auto found = m_counts.find(std::string(rule));
    return found == m_counts.end() ? 0 : found->second;
  }

  /// Whether so many bytes may still be unpacked: 4 GB in all, so that no archive fills the memory or the
  /// day.
  bool mayUnpack(std::uint64_t bytes);
  bool isCleanSoFar() const { return m_findings.empty(); }
  /// Keeps a pickle for whoever wants to see its opcodes; the bytes are copied where nobody owns them.
  void keepPickle(const AuditPart& part, std::size_t offset);
  std::vector<FoundPickle> takePickles() { return std::move(m_pickles); }
  const Progress& progress() const { return m_progress; }
  std::vector<Finding> finish();

 private:
  Look m_look;
  const Progress& m_progress;
  std::vector<Finding> m_findings;
  std::map<std::string, std::size_t> m_counts;
  std::vector<FoundPickle> m_pickles;
  std::uint64_t m_unpacked = 0;
};

}  // namespace lapidary::core
