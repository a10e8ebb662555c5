// SPDX-License-Identifier: GPL-3.0-or-later
// Where the honest and the hostile files lie that audits are tried on: clean/ and bad/.
#pragma once

#include <string>

namespace lapidary {

inline const std::string auditCorpus = std::string(LAPIDARY_SOURCE_DIR) + "/tests/data/audit/";

}  // namespace lapidary
