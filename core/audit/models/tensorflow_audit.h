// SPDX-License-Identifier: GPL-3.0-or-later
// Graphs and SavedModels of TensorFlow (graph.proto, saved_model.proto): operators that reach files or
// Python, in functions too, and the configurations of Keras beside them.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditTensorflow(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
