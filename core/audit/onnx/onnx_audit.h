// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX models: what their protobuf message holds besides a plain graph of known operators.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditOnnx(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
