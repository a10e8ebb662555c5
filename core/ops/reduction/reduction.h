// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of reductionOps().
#pragma once

#include "core/ops/axes.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/results.h"

namespace lapidary::core {

std::span<const Op> reduceOps();  // reduction.cpp
std::span<const Op> lineOps();    // reduction_lines.cpp

}  // namespace lapidary::core
