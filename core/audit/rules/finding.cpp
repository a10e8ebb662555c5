// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/rules/finding.h"

#include <algorithm>
#include <array>

namespace lapidary::core {

std::string_view severityName(Severity severity) {
  constexpr std::array<std::string_view, 5> names{"note", "low", "medium", "high", "critical"};
  return names[static_cast<std::size_t>(severity)];
}

std::optional<Severity> worstOf(const std::vector<Finding>& findings) {
  std::optional<Severity> worst;
  for (const Finding& finding : findings) worst = std::max(worst.value_or(Severity::Note), finding.severity);
  return worst;
}

void sortBySeverity(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
}

}  // namespace lapidary::core
