// SPDX-License-Identifier: GPL-3.0-or-later
// Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show.
#pragma once

#include <string>
#include <vector>

#include "core/audit/file_audit.h"

namespace lapidary::core {

/// One log with one run; the rules that were broken stand in its driver. Places are logical locations, and
/// regions of the file where they are known.
std::string sarifLog(const std::vector<FileAudit>& audits);

}  // namespace lapidary::core
