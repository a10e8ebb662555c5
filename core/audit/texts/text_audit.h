// SPDX-License-Identifier: GPL-3.0-or-later
// Texts in model files: descriptions, metadata and attributes that are scripts, carry packed bytes, or tell a
// program what to call.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// A stretch of text inside a part: very long ones, scripts, what is encoded, configurations.
void auditText(AuditRun& run, const AuditPart& part, std::size_t offset, std::size_t length,
               const std::string& what);

/// A member that is text as a whole: scripts by their first line or ending, and what auditText looks for.
void auditTextPart(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
