// SPDX-License-Identifier: GPL-3.0-or-later
// Findings as text, for the message of a test that fails.
#pragma once

#include <string>
#include <vector>

#include "core/audit/rules/finding.h"

namespace lapidary::core {

inline std::string listed(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += finding.id + " | " + finding.place + " | " + finding.what + "\n";
  return text;
}

}  // namespace lapidary::core
