// SPDX-License-Identifier: GPL-3.0-or-later
// The whole audit of a model file: what stands in it, and what its weights tell.
#pragma once

#include "core/audit/file_audit.h"

namespace lapidary::core {

/// auditFile, and auditWeights where the file opens as a model and nothing critical was found in it. Throws
/// as auditFile does.
FileAudit auditModelFile(const FileAuditRequest& request, unsigned workers, const Progress& progress);

}  // namespace lapidary::core
