// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/rules/audit_rules.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "core/audit/rules/rule_tables.h"

namespace lapidary::core {
namespace {

std::vector<AuditRule> joined() {
  std::vector<AuditRule> rules;
  for (const auto table : {fileRules(), weightRules(), behaviourRules()})
    rules.insert(rules.end(), table.begin(), table.end());
  return rules;
}

}  // namespace

std::span<const AuditRule> auditRules() {
  static const std::vector<AuditRule> rules = joined();
  return rules;
}

const AuditRule& auditRule(std::string_view id) {
  const auto rules = auditRules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const AuditRule& r) { return r.id == id; });
  assert(rule != rules.end());
  return *rule;
}

Finding findingOf(std::string_view id, std::string place, std::string what, std::optional<ByteRange> bytes) {
  const AuditRule& rule = auditRule(id);
  return {std::string(id),        rule.severity, std::move(place), std::move(what), std::string(rule.why),
          std::string(rule.cure), bytes};
}

}  // namespace lapidary::core
