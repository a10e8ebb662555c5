// SPDX-License-Identifier: GPL-3.0-or-later
// A finding of an audit: an id, how bad it is, where, why it matters and what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lapidary::core {

enum class Severity {
  Note,      ///< worth knowing, no sign of harm
  Low,       ///< unusual; harmless in most files
  Medium,    ///< should be explained by whoever made the file
  High,      ///< do not load it elsewhere before it is explained
  Critical,  ///< does harm when it is loaded, or was made to
};

/// A stretch of the audited file itself.
struct ByteRange {
  std::uint64_t offset = 0, length = 0;
};

struct Finding {
  std::string id;  ///< of a rule in audit_rules.h: "pickle-dangerous-call"
  Severity severity = Severity::Note;
  std::string place;  ///< "archive/data.pkl, byte 2" or "layer 'conv1', channel 3"; empty: the whole file
  std::string what;   ///< this case: "calls posix.system"
  std::string why;    ///< why it matters, of the rule
  std::string cure;   ///< what to do, of the rule
  std::optional<ByteRange> bytes = {};
};

/// "note", "low", "medium", "high", "critical".
std::string_view severityName(Severity severity);
/// The worst of them; nothing for none.
std::optional<Severity> worstOf(const std::vector<Finding>& findings);
/// Worst first, else in the order they were found.
void sortBySeverity(std::vector<Finding>& findings);

}  // namespace lapidary::core
