// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF models (ggml's documentation, gguf.md, versions 1 to 3): metadata, where chat templates stand, and the
// table of tensors.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditGguf(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
