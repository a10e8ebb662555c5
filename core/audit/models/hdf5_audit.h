// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 files of Keras: the configuration stands as text in an attribute. The rest is numbers.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

void auditHdf5(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
