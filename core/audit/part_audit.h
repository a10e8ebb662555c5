// SPDX-License-Identifier: GPL-3.0-or-later
// These functions look into a part of each kind.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Looks into a part by what its content is, and into what it holds in turn.
void auditPart(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
