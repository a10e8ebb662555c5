// SPDX-License-Identifier: GPL-3.0-or-later
// An audit as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/audit/file_audit.h"

namespace lapidary::core {

/// path, content, bytes, sha256, signature, worst, findings (array of id, severity, title, place, what, why,
/// cure, and offset and length where they are known); with `opcodes` pickles (array of place, steps, end).
nlohmann::ordered_json auditJson(const FileAudit& audit, bool opcodes);
/// The same with opcodes as the text of a file.
std::string auditJsonText(const FileAudit& audit);

/// "not asked", "missing", "invalid", "valid".
const char* signatureStateName(SignatureState state);

}  // namespace lapidary::core
