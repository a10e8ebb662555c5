// SPDX-License-Identifier: GPL-3.0-or-later
// The index of a model in several files: who opens it opens all of them.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Looks into the files that an index of shards names, where the part is one and lies in a folder.
void auditShards(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
