// SPDX-License-Identifier: GPL-3.0-or-later
// Texts in model files: descriptions, metadata and attributes that are scripts or carry packed bytes, and the
// configurations of Keras.
#pragma once

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// A stretch of text inside a part: very long ones, scripts, pickles and programs in base64.
void auditText(AuditRun& run, const AuditPart& part, std::size_t offset, std::size_t length,
               const std::string& what);

/// A member that is text as a whole: scripts by their first line or ending, and Keras's config.json.
void auditTextPart(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
