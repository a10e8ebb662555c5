// SPDX-License-Identifier: GPL-3.0-or-later
// The measurements of robustness and of a detector, for programs to read.
#pragma once

#include <string>

#include "core/robust/detector_report.h"
#include "core/robust/robustness.h"

namespace lapidary::core {

/// One object each; shares are in [0, 1] with the ends of their 95 % intervals.
std::string toJson(const RobustnessReport& report);
std::string toJson(const DetectorReport& report);

/// "pixel" or "input".
const char* name(StrengthUnit unit);
/// "3 bits", "median 3x3".
std::string textOf(const Squeezer& squeezer);

}  // namespace lapidary::core
