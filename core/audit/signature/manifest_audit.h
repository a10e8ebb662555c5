// SPDX-License-Identifier: GPL-3.0-or-later
// A manifest's hashes against the files that it lists, and its signature.
#pragma once

#include "core/audit/parts/audit_run.h"
#include "core/audit/signature/audit_request.h"

namespace lapidary::core {

/// Of a bundle the manifest inside, checked whether a key is given or not; of another file the one that the
/// request names, which must list the file by its name or, where it lists but one, by its hash. Throws
/// Error(InvalidInput) for files of the request that cannot be read.
SignatureState auditManifest(AuditRun& run, const AuditPart& file, const std::string& sha256,
                             const FileAuditRequest& request);

}  // namespace lapidary::core
