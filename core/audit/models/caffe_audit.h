// SPDX-License-Identifier: GPL-3.0-or-later
// Networks of Caffe (caffe.proto): layers that run Python, and those that write or read files.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditCaffe(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
