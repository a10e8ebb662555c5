// SPDX-License-Identifier: GPL-3.0-or-later
// The report that explain --faithfulness prints: the measures of every method, and which checks it fails.
#pragma once

#include <vector>

#include "core/session/faithfulness.h"
#include "terminal/output.h"

namespace lapidary::cli {

Json faithfulnessJson(const core::MethodFaithfulness& judged);
void printFaithfulness(const std::vector<core::MethodFaithfulness>& judged);

}  // namespace lapidary::cli
