// SPDX-License-Identifier: GPL-3.0-or-later
// Configurations, whatever they are written in: what they hand to programs that call what a configuration
// names, objects of Python, layers of Keras, chat templates, requirements of code from elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "core/audit/parts/audit_run.h"

namespace lapidary::core {

/// A text that may be JSON, YAML or a template. `what` is what is shown for it where the part's place does
/// not say it: "the metadata".
void auditConfigText(AuditRun& run, const AuditPart& part, std::string_view text, const std::string& what);

/// The same of a file that is one: YAML is read whatever stands in it.
void auditConfigFile(AuditRun& run, const AuditPart& part);

}  // namespace lapidary::core
