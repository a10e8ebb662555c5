// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of resizeOps().
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

std::span<const Op> depthSpaceOps();  // resize_depth.cpp

}  // namespace lapidary::core
