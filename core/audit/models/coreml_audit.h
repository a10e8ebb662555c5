// SPDX-License-Identifier: GPL-3.0-or-later
// Core ML models (Model.proto, NeuralNetwork.proto, MIL.proto): layers and models that an app has to bring
// code for, and files that the model names.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditCoreMl(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
