// SPDX-License-Identifier: GPL-3.0-or-later
// Resizes one axis of a tensor by its taps.
#pragma once

#include "core/ops/axes.h"
#include "core/ops/resize/resize_taps.h"

namespace lapidary::core {

/// `to` holds lines.outer x taps.size() x lines.inner elements; positions without taps become `outside`.
void resizeAxis(const float* from, float* to, const Lines& lines, const AxisTaps& taps, float outside);
void resizeAxis(const double* from, double* to, const Lines& lines, const AxisTaps& taps, double outside);

}  // namespace lapidary::core
