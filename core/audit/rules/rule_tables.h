// SPDX-License-Identifier: GPL-3.0-or-later
// The tables that audit_rules.h joins, a file for each kind of audit.
#pragma once

#include <span>

#include "core/audit/rules/audit_rules.h"

namespace lapidary::core {

std::span<const AuditRule> fileRules();
std::span<const AuditRule> weightRules();
std::span<const AuditRule> behaviourRules();

}  // namespace lapidary::core
