// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that are base64, hexadecimal digits or packed bytes, undone step by step: code travels so in strings
// that somebody decodes later.
#pragma once

#include <string>
#include <string_view>

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// Looks for runs of base64 and of hexadecimal digits of 32 characters and more. What is a program, an
/// archive, a pickle or Python after at most six steps is told of and looked into.
void auditEncoded(AuditRun& run, const AuditPart& part, std::size_t offset, std::string_view text,
                  const std::string& what);

/// The same of one value as a whole, which may also be packed without being encoded. `at` is where the value
/// stands in the part.
void auditEncodedValue(AuditRun& run, const AuditPart& part, std::size_t at, std::string_view value,
                       const std::string& what);

}  // namespace lapidary::core
