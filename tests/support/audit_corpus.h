// SPDX-License-Identifier: GPL-3.0-or-later
// The folders of the honest and the hostile files that audits are tried on: clean/ and bad/.
#pragma once

#include <string>

namespace lapidary {

inline const std::string auditCorpus = std::string(LAPIDARY_SOURCE_DIR) + "/tests/data/audit/";

}  // namespace lapidary
