// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the audits: one row each in an explicit table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/audit/rules/finding.h"

namespace lapidary::core {

/// The texts that a rule has for every case of it. The texts are English; the window translates them by id.
struct AuditRule {
  std::string_view id;  ///< lower case with hyphens; never changes its meaning
  Severity severity;
  std::string_view title;  ///< "Code that runs when the file is loaded"
  std::string_view why;
  std::string_view cure;
};

/// All rules, in the order of the report's documentation.
std::span<const AuditRule> auditRules();
/// Asserts that there is such a rule.
const AuditRule& auditRule(std::string_view id);
/// A case of a rule, with the rule's severity, why and cure.
Finding findingOf(std::string_view id, std::string place, std::string what,
                  std::optional<ByteRange> bytes = std::nullopt);

}  // namespace lapidary::core
