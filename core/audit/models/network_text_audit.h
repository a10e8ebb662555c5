// SPDX-License-Identifier: GPL-3.0-or-later
// Networks that Caffe and TensorFlow write as text: what runs Python or reaches files.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditCaffeText(AuditRun& run, const AuditPart& part);
void auditTensorflowText(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
