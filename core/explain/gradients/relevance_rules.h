// SPDX-License-Identifier: GPL-3.0-or-later
// How one step shares relevance among its inputs.
#pragma once

#include "core/run/backward_rule.h"

namespace lapidary::core {

/// See relevance.h. `epsilon` as a share of the root mean square of a step's output.
BackwardRule epsilonRule(double epsilon);
/// `epsilon` where the gamma rule does not apply.
BackwardRule gammaRule(double gamma, double epsilon);

}  // namespace lapidary::core
