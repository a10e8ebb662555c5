// SPDX-License-Identifier: GPL-3.0-or-later
// The findings that a model's weights give by themselves: damage, waste, tampering, and bits that hide
// something.
#pragma once

#include <vector>

#include "core/audit/rules/finding.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// All checks over all weights, worst first; the same for any number of workers. About a second for 3 million
/// weights on one thread. Throws Cancelled.
std::vector<Finding> auditWeights(const Model& model, const Progress& progress, unsigned workers = 1);

}  // namespace lapidary::core
