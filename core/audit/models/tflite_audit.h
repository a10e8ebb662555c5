// SPDX-License-Identifier: GPL-3.0-or-later
// TFLite models (schema.fbs of LiteRT, version 3): operators that are no part of it, texts, buffers, and the
// archive of labels that may stand behind the model.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditTflite(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
