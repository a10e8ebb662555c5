// SPDX-License-Identifier: GPL-3.0-or-later
// Programs, archives and scripts hidden where numbers or nothing should stand.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Looks for what starts as such a file does and goes on as one, at any byte of the stretch.
void auditPayload(AuditRun& run, const AuditPart& part, std::size_t offset, std::size_t length,
                  const std::string& where);

}  // namespace lapidary::core
