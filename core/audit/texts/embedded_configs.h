// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations that lie as text among the bytes of a model.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Looks into every JSON object that names classes or what to call.
void auditEmbeddedConfigs(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
